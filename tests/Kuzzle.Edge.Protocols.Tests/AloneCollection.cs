namespace Kuzzle.Edge.Protocols.Tests;

/// <summary>Tests that measure the process, and so run when no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
