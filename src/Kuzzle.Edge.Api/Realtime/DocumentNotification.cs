using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>A document, or a message that is not stored, that came into or went out of a filter's scope.</summary>
internal sealed record DocumentNotification(ApiRequest Request, CollectionName Collection, string Action, string Event, JsonObject Result)
{
    /// <summary>The members in Kuzzle's order.</summary>
    public ReadOnlyMemory<byte> ToJson(string scope, string node) => NotificationJson.Write(writer =>
    {
        writer.WriteString("type", "document");
        writer.WriteNumber("status", 200);
        writer.WriteString("action", Action);
        writer.WriteString("scope", scope);
        writer.WritePropertyName("result");
        Result.WriteTo(writer);
        writer.WriteString("node", node);
        writer.WriteString("event", Event);
        writer.WriteString("requestId", Request.RequestId);
        writer.WriteNumber("timestamp", Request.Timestamp);
        NotificationJson.WriteVolatile(writer, Request.Volatile);
        writer.WriteString("index", Collection.Index);
        writer.WriteString("collection", Collection.Collection);
        writer.WriteString("controller", Request.Controller);
        writer.WriteString("protocol", Request.Connection.Protocol);
    });
}
