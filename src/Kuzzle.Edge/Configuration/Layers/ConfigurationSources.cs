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
        foreach (var file in Files())
        {
            if (JsonFile.Read(file, faults) is { } layer) merged = merged.Overlay(layer);
        }

        return merged.Overlay(EnvironmentLayer.Read(Environment, faults)).Overlay(CommandLineLayer.Read(Arguments, faults));
    }

    /// <summary>The files to be read: those of the system if they are there, those that somebody named whether they are there or not.</summary>
    public IEnumerable<string> Files()
    {
        var system = Path.Combine(SystemDirectory, "kuzzlerc");
        if (System.IO.File.Exists(system)) yield return system;

        var dropIns = Path.Combine(SystemDirectory, "kuzzlerc.d");
        if (Directory.Exists(dropIns))
        {
            foreach (var file in Directory.GetFiles(dropIns, "*.json").Order(StringComparer.Ordinal)) yield return file;
        }

        // Secrets that systemd has decrypted for this process alone (LoadCredential=, LoadCredentialEncrypted=): those whose name says that they are a piece of configuration.
        if (Environment.TryGetValue(CredentialsVariable, out var credentials) && Directory.Exists(credentials))
        {
            foreach (var file in Directory.GetFiles(credentials, "*.json").Order(StringComparer.Ordinal)) yield return file;
        }

        foreach (var file in NamedFiles()) yield return file;
    }

    /// <summary>The files that somebody named, apart from those of the system.</summary>
    public IEnumerable<string> NamedFiles()
    {
        if (Environment.TryGetValue(EnvironmentLayer.FileVariable, out var named) && named.Length > 0) yield return Path.GetFullPath(named);
        if (File is not null) yield return Path.GetFullPath(File);
    }
}
