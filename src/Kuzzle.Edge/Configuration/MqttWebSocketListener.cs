namespace Kuzzle.Edge.Configuration;

/// <summary>By which rules MQTT clients use the HTTP port.</summary>
/// <param name="Profile">The rules.</param>
/// <param name="Access">Who may use it; null where the rules of the profile say all.</param>
internal sealed record MqttWebSocketListener(ListenerProfile Profile, ListenerAccess? Access);
