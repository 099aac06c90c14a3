using System.Text;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>The settings as a table for the documentation.</summary>
internal static class SettingsTable
{
    /// <summary>Markdown, one row for each key, those of groups under the key of their group.</summary>
    public static string Markdown(SettingSchema schema)
    {
        var table = new StringBuilder("| key | what may be written | default | what it does |\n| --- | --- | --- | --- |\n");
        foreach (var setting in schema.Settings) AppendRow(table, "", setting);
        return table.ToString();
    }

    private static void AppendRow(StringBuilder table, string prefix, Setting setting)
    {
        var key = prefix + setting.Key;
        var standard = setting.IsRequired ? "must be written" : setting.DefaultText is { } text ? $"`{text}`" : "none";
        table.Append("| `").Append(key).Append("` | ").Append(Escape(setting.TypeDescription)).Append(" | ").Append(Escape(standard)).Append(" | ");
        table.Append(Escape(setting.Meaning)).Append(" |\n");
        foreach (var item in setting.Items?.Settings ?? []) AppendRow(table, $"{prefix}{setting.ItemsKey}.", item);
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
