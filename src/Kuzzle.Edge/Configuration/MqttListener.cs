using System.Net;

namespace Kuzzle.Edge.Configuration;

/// <summary>Where MQTT clients connect, and by which rules.</summary>
/// <param name="EndPoint">The address; port 0 lets the system choose.</param>
/// <param name="Profile">The rules.</param>
/// <param name="AllowAnonymous">Whether clients without a user name are welcome; only an open listener asks.</param>
internal sealed record MqttListener(IPEndPoint EndPoint, ListenerProfile Profile, bool AllowAnonymous);
