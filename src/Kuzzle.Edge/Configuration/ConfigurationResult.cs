namespace Kuzzle.Edge.Configuration;

/// <summary>A configuration, or everything that is wrong with it.</summary>
/// <param name="Configuration">The configuration; null when there are faults.</param>
/// <param name="Faults">What is wrong, in the order in which it was found.</param>
internal sealed record ConfigurationResult(EdgeConfiguration? Configuration, IReadOnlyList<ConfigurationFault> Faults);
