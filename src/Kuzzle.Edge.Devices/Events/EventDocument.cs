using System.Buffers;
using System.Text.Json;
using Kuzzle.Edge.Devices.Events.Rules;
using Kuzzle.Edge.Devices.Sensors.Clocks;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>An event as it is stored and published.</summary>
internal static class EventDocument
{
    /// <summary>The JSON of an event.</summary>
    /// <param name="draft">The event.</param>
    /// <param name="id">Its identifier.</param>
    /// <param name="instance">The name of this installation.</param>
    /// <param name="clock">Tells order and distance of events while the time of day is unknown: the clock that nobody sets, the start of the machine that it belongs to, and whether the time can be believed.</param>
    public static ReadOnlyMemory<byte> Write(EventDraft draft, string id, string instance, BoardClock clock)
    {
        var said = draft.Said;
        var time = said.Time.ToUnixTimeMilliseconds();
        var output = new ArrayBufferWriter<byte>(512 + said.Payload.Length);
        using (var json = new Utf8JsonWriter(output, Registry.DocumentBytes.Compact))
        {
            json.WriteStartObject();
            json.WriteString("channel"u8, draft.Channel);
            json.WriteString("device"u8, said.Device);
            json.WriteString("deviceuid"u8, said.DeviceUid);
            json.WriteString("sender"u8, said.Sender);
            json.WriteString("senderuid"u8, said.SenderUid);
            json.WriteString("application"u8, said.Application);
            json.WriteString("applicationuid"u8, said.ApplicationUid);
            json.WriteString("datacontenttype"u8, draft.Attributes.GetValueOrDefault("datacontenttype") ?? said.DataContentType);
            json.WriteString("contentType"u8, said.ContentType);
            if (draft.Attributes.GetValueOrDefault("dataschema") is { } schema) json.WriteString("dataschema"u8, schema);
            WriteData(json, draft);
            json.WriteNumber("time"u8, time);
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, draft.Attributes.GetValueOrDefault("type") ?? EventTypes.Data);
            json.WriteString("instance"u8, instance);
            WriteExtensions(json, draft.Extensions);
            json.WriteStartObject("clock"u8);
            json.WriteNumber("mono"u8, clock.Milliseconds);
            json.WriteString("boot"u8, clock.BootId);
            json.WriteBoolean("synced"u8, clock.IsSynchronised);
            json.WriteEndObject();
            json.WriteStartObject("_kuzzle_info"u8);
            json.WriteString("author"u8, said.Sender);
            json.WriteNumber("createdAt"u8, time);
            json.WriteNull("updatedAt"u8);
            json.WriteNull("updater"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static void WriteData(Utf8JsonWriter json, EventDraft draft)
    {
        if (draft.Said.Data is { } data)
        {
            json.WritePropertyName("data"u8);
            data.WriteTo(json);
        }
        else
        {
            json.WriteBase64String("data_base64"u8, draft.Said.Payload.Span);
        }
    }

    /// <summary>A name that comes more than once is a list.</summary>
    private static void WriteExtensions(Utf8JsonWriter json, List<KeyValuePair<string, string>> extensions)
    {
        if (extensions.Count == 0) return;

        json.WriteStartObject("ext"u8);
        foreach (var group in extensions.GroupBy(extension => extension.Key, StringComparer.Ordinal))
        {
            var values = group.Select(extension => extension.Value).ToList();
            if (values is [var only])
            {
                json.WriteString(group.Key, only);
                continue;
            }

            json.WriteStartArray(group.Key);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
