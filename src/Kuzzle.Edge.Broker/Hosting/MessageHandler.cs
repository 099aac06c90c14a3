namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>A function of the program that gets the messages of a filter while the broker runs.</summary>
/// <param name="Filter">The topic filter.</param>
/// <param name="HandleAsync">The function.</param>
internal sealed record MessageHandler(string Filter, Func<MqttMessage, CancellationToken, ValueTask> HandleAsync);
