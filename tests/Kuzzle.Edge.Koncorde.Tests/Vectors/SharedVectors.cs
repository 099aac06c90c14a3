using System.Text.Json;

namespace Kuzzle.Edge.Koncorde.Tests.Vectors;

/// <summary>The reference vectors, when they are there: beside the repository, or where <c>KUZZLE_EDGE_SHARED</c> says.</summary>
internal static class SharedVectors
{
    public static readonly string? Folder = Find();

    /// <summary>The lines of one file, parsed.</summary>
    public static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(Folder!, file)).Select(static line => JsonDocument.Parse(line).RootElement);

    private static string? Find()
    {
        var shared = Environment.GetEnvironmentVariable("KUZZLE_EDGE_SHARED") ?? FindBesideRepository();
        var folder = shared is null ? null : Path.Combine(shared, "vectors", "koncorde");
        return Directory.Exists(folder) ? folder : null;
    }

    private static string? FindBesideRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Kuzzle.Edge.sln"))) return Path.Combine(folder.FullName, "..", "shared");
        }

        return null;
    }
}
