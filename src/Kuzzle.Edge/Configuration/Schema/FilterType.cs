using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A Koncorde filter, written as the object it is.</summary>
internal sealed class FilterType : SettingType<DocumentFilter>
{
    /// <inheritdoc/>
    public override string Description => "a Koncorde filter";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out DocumentFilter? value)
    {
        value = null;
        if (node is not SettingObject) return false;

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json)) Write(writer, node);
        if (DocumentFilter.TryParse(JsonElement.Parse(json.WrittenSpan), out value, out var refusal)) return true;

        faults.Add(new ConfigurationFault(node.Origin, $"{path} must be {Description}: {refusal}"));
        return false;
    }

    /// <inheritdoc/>
    public override string Show(DocumentFilter value) => value.Text;

    private static void Write(Utf8JsonWriter writer, SettingNode node)
    {
        switch (node)
        {
            case SettingObject written:
                writer.WriteStartObject();
                foreach (var (name, member) in written.Members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case SettingList list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case SettingScalar { Value: bool flag }:
                writer.WriteBooleanValue(flag);
                break;
            case SettingScalar { Value: double number }:
                writer.WriteNumberValue(number);
                break;
            case SettingScalar { Value: string text }:
                writer.WriteStringValue(text);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
