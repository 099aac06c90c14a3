using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>A theory that needs Debian's mosquitto, and is skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MosquittoTheoryAttribute : TheoryAttribute
{
    public MosquittoTheoryAttribute()
    {
        if (!File.Exists(Mosquitto.Program)) Skip = $"{Mosquitto.Program} is not installed (apt-get install mosquitto).";
    }
}
