namespace Kuzzle.Edge.Configuration;

/// <summary>The rules of an MQTT listener.</summary>
internal enum ListenerProfile
{
    /// <summary>Kuzzle over MQTT: requests, answers and notifications, and nothing else unless allowed.</summary>
    Kuzzle,

    /// <summary>A plain broker.</summary>
    Open,

    /// <summary>The device endpoint.</summary>
    Drogue,
}
