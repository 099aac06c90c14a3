using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Layers;

/// <summary>Environment variables: <c>kuzzle_server__protocols__mqtt__enabled=true</c>. Upper and lower case differ.</summary>
internal static class EnvironmentLayer
{
    /// <summary>The variable that names a file instead of a setting, as Kuzzle has it.</summary>
    public const string FileVariable = "kuzzle_config";

    private const string Prefix = "kuzzle_";

    /// <summary>What the variables say together. In the order of their names, so that the result does not hang on the shell's.</summary>
    public static SettingObject Read(IReadOnlyDictionary<string, string> variables, List<ConfigurationFault> faults)
    {
        var layer = new SettingObject(new Origin("environment"), new Dictionary<string, SettingNode>(StringComparer.Ordinal));
        foreach (var (name, text) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name == FileVariable) continue;

            var origin = new Origin($"environment variable {name}");
            var path = name[Prefix.Length..].Split("__");
            if (Array.Exists(path, string.IsNullOrEmpty))
            {
                faults.Add(new ConfigurationFault(origin, $"names no setting; write {Prefix}server__port for server.port"));
            }
            else if (TextValue.Read(path, text, origin, faults) is { } value)
            {
                layer = layer.Overlay(SettingObject.Holding(path, value));
            }
        }

        return layer;
    }
}
