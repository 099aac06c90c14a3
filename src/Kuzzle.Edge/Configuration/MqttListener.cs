using System.Net;

namespace Kuzzle.Edge.Configuration;

/// <summary>Where MQTT clients connect, and by which rules.</summary>
/// <param name="EndPoint">The address; port 0 lets the system choose.</param>
/// <param name="Profile">The rules.</param>
/// <param name="Access">Who may use it; null where the rules of the profile say all.</param>
internal sealed record MqttListener(IPEndPoint EndPoint, ListenerProfile Profile, ListenerAccess? Access);
