using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration;

/// <summary>The configuration as it is in force, defaults included, for people to read: what is secret is not in it.</summary>
internal static class EffectiveConfiguration
{
    /// <summary>Stands where something secret was written.</summary>
    private const string Secret = "(secret)";

    /// <summary>Describes what was written, and what holds where nothing was.</summary>
    public static JsonObject Describe(SettingObject written, SettingSchema schema)
    {
        var described = new JsonObject();
        foreach (var setting in schema.Settings)
        {
            var node = Find(written, setting.Key);
            var value = node is null ? DefaultOf(setting) : setting.IsSecret ? Secret : Show(node, setting);
            if (value is not null) Put(described, setting.Key, value);
        }

        return described;
    }

    /// <summary>A description with some of its keys as another has them.</summary>
    public static JsonObject Replace(JsonObject description, JsonObject fresh, IEnumerable<string> keys)
    {
        var replaced = description.DeepClone().AsObject();
        foreach (var key in keys)
        {
            JsonNode? value = fresh;
            foreach (var name in key.Split('.')) value = (value as JsonObject)?[name];
            if (value is not null) Put(replaced, key, value.DeepClone());
        }

        return replaced;
    }

    private static JsonNode? DefaultOf(Setting setting) => setting switch
    {
        { IsSecret: true } or { DefaultText: null } => null,
        { Items: not null } => setting.ItemsKey.EndsWith(']') ? new JsonArray() : new JsonObject(),
        { DefaultText: var text } when bool.TryParse(text, out var flag) => flag,
        { DefaultText: var text } when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        { DefaultText: var text } => text.Trim('"'),
    };

    private static JsonNode? Show(SettingNode node, Setting setting)
    {
        if (setting.Items is not { } schema) return Show(node);
        if (node is SettingList list) return new JsonArray([.. list.Items.Select(item => item is SettingObject group ? Describe(group, schema) : Show(item))]);
        if (node is not SettingObject members) return null;

        return setting.ItemsKey == setting.Key
            ? Describe(members, schema)
            : new JsonObject(members.Members.Where(member => member.Value is SettingObject).Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Describe((SettingObject)member.Value, schema))));
    }

    private static JsonNode? Show(SettingNode node) => node switch
    {
        SettingList list => new JsonArray([.. list.Items.Select(Show)]),
        SettingScalar { Value: bool flag } => flag,
        SettingScalar { Value: double number } => number,
        SettingScalar { Text: { } text } => WithoutUser(text),
        _ => null,
    };

    /// <summary>An address may hold a user and a password.</summary>
    private static string WithoutUser(string text) =>
        text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length > 0
            ? text.Replace($"{address.UserInfo}@", "", StringComparison.Ordinal)
            : text;

    private static SettingNode? Find(SettingObject written, string key)
    {
        SettingNode? node = written;
        foreach (var name in key.Split('.')) node = (node as SettingObject)?.Members.GetValueOrDefault(name);
        return node is SettingScalar { Value: null, RawText: null } ? null : node;
    }

    private static void Put(JsonObject described, string key, JsonNode value)
    {
        var names = key.Split('.');
        foreach (var name in names[..^1])
        {
            if (described[name] is not JsonObject level) described[name] = level = [];
            described = level;
        }

        described[names[^1]] = value;
    }
}
