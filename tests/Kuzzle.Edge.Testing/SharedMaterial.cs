namespace Kuzzle.Edge.Testing;

/// <summary>
/// The recorded reference material that some tests compare with. It is not part of the repository: it stands in a folder <c>shared</c> beside it, or where
/// <c>KUZZLE_EDGE_SHARED</c> says.
/// </summary>
public static class SharedMaterial
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Directory { get; } = Find();

    /// <summary>A file of it, or null.</summary>
    public static string? FileAt(params string[] path) =>
        Directory is { } directory && Path.Combine([directory, .. path]) is var file && File.Exists(file) ? file : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("KUZZLE_EDGE_SHARED") is { Length: > 0 } named) return named;

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (!File.Exists(Path.Combine(directory.FullName, "Kuzzle.Edge.sln"))) continue;
            var beside = Path.Combine(directory.FullName, "..", "shared");
            return System.IO.Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
        }

        return null;
    }
}
