using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>Text that means something: an address, a topic, a word of a few.</summary>
/// <param name="description">What is right, to follow "must be".</param>
/// <param name="parse">The value, or null when the text is none.</param>
/// <param name="show">The text of a value.</param>
internal sealed class TextType<T>(string description, Func<string, T?> parse, Func<T, string> show) : SettingType<T>
    where T : class
{
    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out T? value)
    {
        value = node is SettingScalar { Text: { } text } ? parse(text) : null;
        return value is not null;
    }

    /// <summary>Whether the text is one, for where it does not come from a configuration.</summary>
    public bool Takes(string text) => parse(text) is not null;

    /// <inheritdoc/>
    public override string Show(T value) => $"\"{show(value)}\"";
}
