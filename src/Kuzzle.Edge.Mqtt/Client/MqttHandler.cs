namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// Gets the messages of a connection, one at a time and in order. The next one comes when the handler has completed, and the message is acknowledged when the task that it
/// answers with has, too; failing, either ends the connection, and the message will come again. It may publish on the same client, but must not wait there for
/// <see cref="MqttPublication.Acknowledged"/> before it completes: while too many messages wait for it, nothing is read.
/// </summary>
/// <param name="incoming">The message.</param>
/// <param name="cancellationToken">The connection has ended.</param>
/// <returns>What the acknowledgement waits for; <see cref="Task.CompletedTask"/> for nothing.</returns>
public delegate ValueTask<Task> MqttHandler(MqttIncoming incoming, CancellationToken cancellationToken);
