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

    /// <summary>It may not under this client identifier: CONNACK 0x02, in MQTT 5 0x85.</summary>
    ClientIdNotAllowed,

    /// <summary>Too many failed attempts came before: CONNACK 0x03, in MQTT 5 0x9F. Later it may try again.</summary>
    TooManyAttempts,

    /// <summary>Too many clients wait for their credentials to be checked: CONNACK 0x03, in MQTT 5 0x89. Later it may try again.</summary>
    Busy,
}
