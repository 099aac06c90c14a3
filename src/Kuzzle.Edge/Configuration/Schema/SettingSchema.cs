using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>All keys that may stand in an object and in the objects within it.</summary>
internal sealed class SettingSchema(IReadOnlyList<Setting> settings, IReadOnlyList<ForeignKey> foreignKeys)
{
    private readonly Dictionary<string, Setting> _byKey = settings.ToDictionary(setting => setting.Key, StringComparer.Ordinal);
    private readonly Dictionary<string, ForeignKey> _foreign = foreignKeys.ToDictionary(key => key.Key, StringComparer.Ordinal);
    private readonly HashSet<string> _sections = [.. settings.SelectMany(setting => SectionsOf(setting.Key)), .. foreignKeys.SelectMany(key => SectionsOf(key.Key))];
    private readonly NearestKey _nearest = new([.. settings.Select(setting => setting.Key)]);

    /// <summary>The settings, in the order of the documentation.</summary>
    public IReadOnlyList<Setting> Settings => settings;

    /// <summary>Checks and converts what was written. Every fault is added, not the first alone.</summary>
    /// <param name="written">The object.</param>
    /// <param name="path">Where it stands in the whole.</param>
    /// <param name="faults">Gets what is wrong.</param>
    public SettingValues Read(SettingObject written, SettingPath path, List<ConfigurationFault> faults)
    {
        var values = new Dictionary<Setting, (object, Origin)>();
        ReadSection(written, path, SettingPath.Root, values, faults);
        foreach (var setting in settings)
        {
            if (setting.IsRequired && !values.ContainsKey(setting) && !Has(written, setting.Key))
            {
                faults.Add(new ConfigurationFault(written.Origin, $"{path} needs \"{setting.Key}\": {setting.TypeDescription}"));
            }
        }

        return new SettingValues(path, written.Origin, values, settings.Where(setting => !values.ContainsKey(setting) && Has(written, setting.Key)).ToHashSet());
    }

    private void ReadSection(
        SettingObject section, SettingPath path, SettingPath key, Dictionary<Setting, (object Value, Origin Origin)> values, List<ConfigurationFault> faults)
    {
        foreach (var (name, node) in section.Members)
        {
            var memberKey = key.Member(name);
            var memberPath = path.Member(name);
            if (node is SettingScalar { Value: null, RawText: null }) continue; // null: as if it were not written, so that a drop-in can take a value back
            if (_byKey.TryGetValue(memberKey.Text, out var setting))
            {
                if (setting.Read(node, memberPath, faults) is { } value) values[setting] = (value, node.Origin);
            }
            else if (_foreign.TryGetValue(memberKey.Text, out var foreign))
            {
                faults.Add(new ConfigurationFault(node.Origin, $"{memberPath} {foreign.Reason}"));
            }
            else if (!_sections.Contains(memberKey.Text))
            {
                faults.Add(new ConfigurationFault(node.Origin, $"{memberPath} is not a setting{Suggestion(path, key, memberKey)}"));
            }
            else if (node is SettingObject inner)
            {
                ReadSection(inner, memberPath, memberKey, values, faults);
            }
            else
            {
                faults.Add(new ConfigurationFault(node.Origin, $"{memberPath} must be an object, not {node.Describe()}"));
            }
        }
    }

    private string Suggestion(SettingPath path, SettingPath key, SettingPath unknown)
    {
        if (_nearest.To(unknown.Text) is not { } nearest) return "";

        // In a list the schema's keys are relative to the item: show the key as it would stand in the file.
        var whereSchemaBegins = key.Text.Length == 0 ? path.Text : path.Text[..^key.Text.Length].TrimEnd('.');
        return $"; did you mean {new SettingPath(whereSchemaBegins).Member(nearest)}?";
    }

    /// <summary>Whether something was written there, if only something wrong: then its own fault is enough.</summary>
    private static bool Has(SettingObject written, string key)
    {
        foreach (var name in key.Split('.'))
        {
            if (!written.Members.TryGetValue(name, out var node) || node is SettingScalar { Value: null, RawText: null }) return false;
            if (node is not SettingObject inner) return true;
            written = inner;
        }

        return true;
    }

    private static IEnumerable<string> SectionsOf(string key)
    {
        for (var dot = key.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = key.IndexOf('.', dot + 1)) yield return key[..dot];
    }
}
