namespace Kuzzle.Edge.Acceptance.Running;

/// <summary>Where things are, seen from the running tests.</summary>
internal static class RepositoryLayout
{
    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The executable under test: the one named by <c>KUZZLE_EDGE_BINARY</c> (the published product, in <c>scripts/test</c>), else the one that was built
    /// together with these tests.
    /// </summary>
    public static string Binary { get; } = FindBinary();

    /// <summary>The folder of the foreign clients' scripts.</summary>
    public static string Clients { get; } = Path.Combine(Root, "tests", "Kuzzle.Edge.Acceptance", "clients");

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Kuzzle.Edge.sln"))) return directory.FullName;
        }

        throw new InvalidOperationException($"There is no Kuzzle.Edge.sln above {AppContext.BaseDirectory}.");
    }

    private static string FindBinary()
    {
        if (Environment.GetEnvironmentVariable("KUZZLE_EDGE_BINARY") is { Length: > 0 } named) return Path.GetFullPath(named);

        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name; // …/bin/<configuration>/net10.0/
        return Path.Combine(Root, "src", "Kuzzle.Edge", "bin", configuration, "net10.0", "kuzzle-edge");
    }
}
