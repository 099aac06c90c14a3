namespace Kuzzle.Edge.Tests;

/// <summary>The files around the tests.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The executable that was built together with these tests.</summary>
    public static string Executable { get; } = Path.Combine(
        Root, "src", "Kuzzle.Edge", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "kuzzle-edge");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Kuzzle.Edge.sln"))) return directory.FullName;
        }

        throw new InvalidOperationException($"There is no Kuzzle.Edge.sln above {AppContext.BaseDirectory}.");
    }
}
