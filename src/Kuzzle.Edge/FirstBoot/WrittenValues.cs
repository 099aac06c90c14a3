using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>One object of a foreign file, and what is wrong with what it says. What nobody asks it for is left alone.</summary>
/// <param name="written">The object.</param>
/// <param name="path">Where it is in the file.</param>
/// <param name="faults">Where faults are added.</param>
internal sealed class WrittenValues(SettingObject written, SettingPath path, List<ConfigurationFault> faults)
{
    /// <summary>The names of all that is written.</summary>
    public IEnumerable<string> Names => written.Members.Keys;

    /// <summary>Where it stands.</summary>
    public Origin Origin => written.Origin;

    /// <summary>A text of a kind; null when there is none, or a fault.</summary>
    public string? Text(string name, TextType<string> type)
    {
        if (!Has(name, out var node)) return null;
        if (node is SettingScalar { Text: { } text } && type.Takes(text)) return text;

        Refuse(name, $"must be {type.Description}");
        return null;
    }

    /// <summary>Whether false stands where else there is something.</summary>
    public bool IsRefused(string name) => Has(name, out var node) && node is SettingScalar { Value: false };

    /// <summary>Yes or no; null when it is not written, or a fault.</summary>
    public bool? Flag(string name)
    {
        if (!Has(name, out var node)) return null;
        if (node is SettingScalar { Value: bool flag }) return flag;

        Refuse(name, "must be true or false");
        return null;
    }

    /// <summary>A list of texts of a kind, or one of them; null when there is none, or a fault.</summary>
    public IReadOnlyList<string>? Texts(string name, TextType<string> type)
    {
        if (!Has(name, out var node)) return null;

        var items = node is SettingList list ? list.Items : [node];
        var texts = items.Select(item => (item as SettingScalar)?.Text?.Trim()).ToList();
        if (texts.TrueForAll(text => text is not null && type.Takes(text))) return texts!;

        Refuse(name, $"must be a list, each of it {type.Description}");
        return null;
    }

    /// <summary>An object within this one; null when there is none, or a fault.</summary>
    public WrittenValues? Object(string name)
    {
        if (!Has(name, out var node)) return null;
        if (node is SettingObject inner) return new WrittenValues(inner, path.Member(name), faults);

        Refuse(name, "must be keys with values");
        return null;
    }

    /// <summary>The objects of a list; texts among them are left out. None when there is no list, or a fault.</summary>
    public IReadOnlyList<WrittenValues> Objects(string name)
    {
        if (!Has(name, out var node)) return [];
        if (node is SettingList list) return [.. list.Items.Select((item, index) => (Item: item as SettingObject, index)).Where(item => item.Item is not null).Select(item => new WrittenValues(item.Item!, path.Member(name).Item(item.index), faults))];

        Refuse(name, "must be a list");
        return [];
    }

    /// <summary>Adds a fault of a value. The value is not told: it may be a secret.</summary>
    public void Refuse(string name, string message)
    {
        var origin = written.Members.TryGetValue(name, out var node) ? node.Origin : written.Origin;
        faults.Add(new ConfigurationFault(origin, $"{path.Member(name)} {message}"));
    }

    private bool Has(string name, [NotNullWhen(true)] out SettingNode? node) => written.Members.TryGetValue(name, out node) && node is not SettingScalar { Value: null };
}
