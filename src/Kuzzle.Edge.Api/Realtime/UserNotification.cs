using System.Text.Json;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>A connection that came into or left a room.</summary>
internal sealed record UserNotification(
    CollectionName Collection, string User, int Count, long Timestamp, JsonElement Metadata, string Action, string Protocol)
{
    /// <summary>The members in Kuzzle's order.</summary>
    public ReadOnlyMemory<byte> ToJson(string node) => NotificationJson.Write(writer =>
    {
        writer.WriteString("type", "user");
        writer.WriteNumber("status", 200);
        writer.WriteString("user", User);
        writer.WriteStartObject("result");
        writer.WriteNumber("count", Count);
        writer.WriteEndObject();
        writer.WriteString("node", node);
        writer.WriteNumber("timestamp", Timestamp);
        NotificationJson.WriteVolatile(writer, Metadata);
        writer.WriteString("index", Collection.Index);
        writer.WriteString("collection", Collection.Collection);
        writer.WriteString("controller", "realtime");
        writer.WriteString("action", Action);
        writer.WriteString("protocol", Protocol);
    });
}
