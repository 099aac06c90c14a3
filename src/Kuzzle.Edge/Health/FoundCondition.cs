using Kuzzle.Edge.Api.Appliances;

namespace Kuzzle.Edge.Health;

/// <summary>What somebody who looked has found wrong.</summary>
/// <param name="Name">What it is about, for programs.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">For people.</param>
internal sealed record FoundCondition(string Name, ConditionSeverity Severity, string Message);
