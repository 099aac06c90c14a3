using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;

namespace Kuzzle.Edge.Tests.Configuration;

/// <summary>A folder that stands for /etc/kuzzle-edge, and what else a test says about the surroundings.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly List<string> _arguments = [];
    private string? _file;

    public string Path { get; } = Directory.CreateTempSubdirectory("kuzzle-edge-configuration-").FullName;

    public ConfigurationFolder With(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>The file of <c>--config</c>.</summary>
    public ConfigurationFolder WithFile(string text)
    {
        _file = System.IO.Path.Combine(Path, "named");
        return With("named", text);
    }

    public ConfigurationFolder WithVariable(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public ConfigurationFolder WithArgument(string argument)
    {
        _arguments.Add(argument);
        return this;
    }

    public ConfigurationResult Load() => EdgeConfiguration.Load(
        new ConfigurationSources { SystemDirectory = Path, File = _file, Environment = _environment, Arguments = _arguments });

    /// <summary>The configuration, which must be right.</summary>
    public EdgeConfiguration Read()
    {
        var result = Load();
        result.Faults.ShouldBeEmpty();
        return result.Configuration.ShouldNotBeNull();
    }

    /// <summary>All faults, without the folder's random path.</summary>
    public IReadOnlyList<string> Faults()
    {
        var result = Load();
        result.Configuration.ShouldBeNull();
        return [.. result.Faults.Select(fault => fault.ToString().Replace(Path + "/", "", StringComparison.Ordinal))];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
