namespace Kuzzle.Edge.Koncorde.Tests.Vectors;

/// <summary>A fact that needs the reference vectors; skipped, and saying so, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute()
    {
        if (SharedVectors.Folder is null) Skip = "The reference vectors are not here: set KUZZLE_EDGE_SHARED to the folder that holds vectors/koncorde.";
    }
}
