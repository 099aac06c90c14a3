namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>There is no connection, or not any more.</summary>
public sealed class MqttConnectionException : IOException
{
    /// <summary>A connection that ended for a reason.</summary>
    public MqttConnectionException(MqttEnding ending, Exception? innerException = null)
        : base(ending.Detail, innerException) => Ending = ending;

    /// <summary>Why there is none.</summary>
    public MqttEnding Ending { get; }
}
