namespace Kuzzle.Edge.Mqtt.Tests.Vectors;

/// <summary>A test that reads the reference vectors; skipped, and saying so, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedDirectory.Find() is null) Skip = "The reference vectors are not here; KUZZLE_EDGE_SHARED names their directory.";
    }
}
