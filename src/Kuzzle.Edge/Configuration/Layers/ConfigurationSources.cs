using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Layers;

/// <summary>All places that may say something, in the order in which later ones win.</summary>
internal sealed record ConfigurationSources
{
    /// <summary>Where the system's own configuration is: <c>kuzzlerc</c>, and what packages drop into <c>kuzzlerc.d</c>.</summary>
    public string SystemDirectory { get; init; } = "/etc/kuzzle-edge";

    /// <summary>Where systemd puts the credentials of a service, systemd.exec(5).</summary>
    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>The file named by <c>--config</c>, or null.</summary>
    public string? File { get; init; }

    /// <summary>The variables of the process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The arguments that are no options of the command.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Tells whether a certificate that is named has expired.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>All layers merged. Faults are added for what could not be read; the rest is merged nevertheless, so that its faults are found too.</summary>
    public SettingObject Read(List<ConfigurationFault> faults)
    {
        var merged = new SettingObject(new Origin("configuration"), new Dictionary<string, SettingNode>(StringComparer.Ordinal));
        foreach (var file in Files(faults))
        {
            if (JsonFile.Read(file, faults) is { } layer) merged = merged.Overlay(layer);
        }

        return merged.Overlay(EnvironmentLayer.Read(Environment, faults)).Overlay(CommandLineLayer.Read(Arguments, faults));
    }

    /// <summary>The files to be read: those of the system if they are there, those that somebody named whether they are there or not.</summary>
    /// <param name="faults">Gets what cannot be looked into: that is not the same as nothing being there, and a gateway that took it for that would serve by its defaults.</param>
    public IReadOnlyList<string> Files(List<ConfigurationFault> faults)
    {
        var files = new List<string>();
        var system = Path.Combine(SystemDirectory, "kuzzlerc");
        if (IsThere(system, faults)) files.Add(system);
        files.AddRange(Pieces(Path.Combine(SystemDirectory, "kuzzlerc.d"), faults));

        // Secrets that systemd has decrypted for this process alone (LoadCredential=, LoadCredentialEncrypted=): those whose name says that they are a piece of configuration.
        if (Environment.TryGetValue(CredentialsVariable, out var credentials) && credentials.Length > 0) files.AddRange(Pieces(credentials, faults));
        files.AddRange(NamedFiles());
        return files;
    }

    /// <summary>The files that somebody named, apart from those of the system.</summary>
    public IEnumerable<string> NamedFiles()
    {
        if (Environment.TryGetValue(EnvironmentLayer.FileVariable, out var named) && named.Length > 0) yield return Path.GetFullPath(named);
        if (File is not null) yield return Path.GetFullPath(File);
    }

    /// <summary>Whether there is such a file. A folder on the way that may not be entered hides it, which <see cref="System.IO.File.Exists"/> does not tell from its absence.</summary>
    private static bool IsThere(string path, List<ConfigurationFault> faults)
    {
        try
        {
            System.IO.File.GetAttributes(path);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(HiddenFault(path, exception));
            return false;
        }
    }

    private static IEnumerable<string> Pieces(string folder, List<ConfigurationFault> faults)
    {
        if (!IsThere(folder, faults)) return [];

        try
        {
            return Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(HiddenFault(folder, exception));
            return [];
        }
    }

    private static ConfigurationFault HiddenFault(string path, Exception exception) =>
        new(new Origin(path), $"cannot be looked into, so nobody knows what the configuration is; whoever runs the gateway must be allowed to read it: {exception.Message}");
}
