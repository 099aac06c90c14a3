using Xunit;

namespace Kuzzle.Edge.Testing;

/// <summary>A test that compares with the recorded reference material; skipped, and saying so, where that is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    /// <summary>Decides at discovery.</summary>
    public SharedFactAttribute()
    {
        if (SharedMaterial.Directory is null) Skip = "The reference material is not beside the repository (KUZZLE_EDGE_SHARED can name its folder).";
    }
}
