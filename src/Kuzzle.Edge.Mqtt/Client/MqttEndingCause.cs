namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>Who or what ended a connection.</summary>
public enum MqttEndingCause
{
    /// <summary>This program has disconnected.</summary>
    Requested,

    /// <summary>The server has refused CONNECT, or has sent DISCONNECT.</summary>
    Server,

    /// <summary>The stream ended or broke, or could not be opened.</summary>
    ConnectionLost,

    /// <summary>The server did not answer in time.</summary>
    NoAnswer,

    /// <summary>The server has broken the protocol, or a bound of this side.</summary>
    ProtocolError,

    /// <summary>The handler or the session of this program has failed.</summary>
    LocalFault,
}
