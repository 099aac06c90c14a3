using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge check</c>.</summary>
internal static class CheckCommand
{
    /// <summary>Says what is wrong, or that nothing is.</summary>
    public static int Invoke(ConfigurationSources sources)
    {
        var result = EdgeConfiguration.Load(sources);
        foreach (var fault in result.Faults) StandardError.Write(ExitCode.Configuration, fault.ToString());
        if (result.Configuration is not { } configuration) return (int)ExitCode.Configuration;

        Console.Out.WriteLine($"kuzzle-edge: the configuration is right (read: {Read(configuration.Files)})");
        return (int)ExitCode.Success;
    }

    private static string Read(IReadOnlyList<string> files) => files.Count == 0 ? "no file; defaults" : string.Join(", ", files);
}
