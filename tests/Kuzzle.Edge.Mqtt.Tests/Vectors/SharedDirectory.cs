namespace Kuzzle.Edge.Mqtt.Tests.Vectors;

/// <summary>The directory of reference vectors: named by KUZZLE_EDGE_SHARED, or called "shared" beside the repository.</summary>
internal static class SharedDirectory
{
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("KUZZLE_EDGE_SHARED") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Kuzzle.Edge.sln"))) continue;

            var beside = Path.Combine(folder.Parent!.FullName, "shared");
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }
}
