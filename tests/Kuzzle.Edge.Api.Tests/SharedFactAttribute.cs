using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Api.Tests;

/// <summary>A test that compares with the recorded reference material, and is skipped where that is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedMaterial.Directory is null) Skip = "The reference material is not beside the repository (see KUZZLE_EDGE_SHARED).";
    }
}
