namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>Opens the duplex stream that a connection lives on.</summary>
public interface IMqttConnector
{
    /// <summary>Opens a stream; the client disposes it.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken);
}
