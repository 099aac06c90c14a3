using System.Net;
using Kuzzle.Edge.Listeners;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Configuration;

/// <summary>Where MQTT clients connect, and by which rules.</summary>
/// <param name="EndPoint">An address, where port 0 lets the system choose; or the path of a Unix domain socket.</param>
/// <param name="Profile">The rules.</param>
/// <param name="Access">Who may use it; null where the rules of the profile say all.</param>
/// <param name="Bounds">How many connections it takes, and who may open its socket.</param>
/// <param name="Tls">How it encrypts; null for not at all.</param>
internal sealed record MqttListener(EndPoint EndPoint, ListenerProfile Profile, ListenerAccess? Access, TcpListenerOptions Bounds, TlsOptions? Tls);
