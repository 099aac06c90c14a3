namespace Kuzzle.Edge.Health;

/// <summary>Something without which the gateway does not work, and how to find out whether it does.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="AnswerAsync">Completes when it has answered; fails when it cannot.</param>
internal sealed record HealthCheck(string Name, Func<CancellationToken, Task> AnswerAsync);
