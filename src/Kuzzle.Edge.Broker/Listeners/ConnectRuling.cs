namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>Whether a client may connect.</summary>
public enum ConnectRuling
{
    /// <summary>It may.</summary>
    Accept,

    /// <summary>Its user name or password is wrong: CONNACK 0x04, in MQTT 5 0x86.</summary>
    BadCredentials,

    /// <summary>It may not, whoever it is: CONNACK 0x05, in MQTT 5 0x87.</summary>
    NotAuthorized,
}
