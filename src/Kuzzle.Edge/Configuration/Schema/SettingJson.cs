using System.Buffers;
using System.Text.Json;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A piece of configuration as the JSON that it was written as, all layers merged. What a later layer took back with null is not in it.</summary>
internal static class SettingJson
{
    /// <summary>Beyond this, neighbouring whole numbers are the same one.</summary>
    private const double MaxWhole = 9_007_199_254_740_991;

    public static JsonElement Of(SettingNode node)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output)) Write(json, node);
        return JsonElement.Parse(output.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, SettingNode node)
    {
        switch (node)
        {
            case SettingObject written:
                json.WriteStartObject();
                foreach (var (name, member) in written.Members)
                {
                    if (member is SettingScalar { Value: null, RawText: null }) continue;
                    json.WritePropertyName(name);
                    Write(json, member);
                }

                json.WriteEndObject();
                break;
            case SettingList list:
                json.WriteStartArray();
                foreach (var item in list.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case SettingScalar { Value: bool flag }:
                json.WriteBooleanValue(flag);
                break;
            case SettingScalar { Value: double number } when number == Math.Floor(number) && Math.Abs(number) <= MaxWhole:
                json.WriteNumberValue((long)number);
                break;
            case SettingScalar { Value: double number }:
                json.WriteNumberValue(number);
                break;
            case SettingScalar { Text: { } text }:
                json.WriteStringValue(text);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
