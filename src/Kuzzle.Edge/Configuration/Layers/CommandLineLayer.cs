using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Layers;

/// <summary>Settings on the command line: <c>--server.port=7513</c>.</summary>
internal static class CommandLineLayer
{
    /// <summary>What the arguments say together, later ones over earlier ones.</summary>
    public static SettingObject Read(IReadOnlyList<string> arguments, List<ConfigurationFault> faults)
    {
        var layer = new SettingObject(new Origin("command line"), new Dictionary<string, SettingNode>(StringComparer.Ordinal));
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var path = equals > 2 && argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..equals].Split('.') : [];
            if (path.Length == 0 || Array.Exists(path, string.IsNullOrEmpty))
            {
                faults.Add(new ConfigurationFault(new Origin("command line"), $"'{argument}' is no setting; write --server.port=7512"));
            }
            else if (TextValue.Read(path, argument[(equals + 1)..], new Origin($"command line {argument[..equals]}"), faults) is { } value)
            {
                layer = layer.Overlay(SettingObject.Holding(path, value));
            }
        }

        return layer;
    }
}
