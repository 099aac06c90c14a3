using System.Buffers;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>What the server tells one connection about itself. There is one such notification.</summary>
internal static class ServerNotification
{
    /// <summary>Where it is told, whether the connection asked for the channel or not.</summary>
    public const string Channel = "kuzzle:notification:server";

    /// <summary>The connection's token has ended, and its subscriptions with it.</summary>
    public static ReadOnlyMemory<byte> TokenExpired(string node)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", 200);
            writer.WriteString("info", "The token of this connection has ended, and its subscriptions with it.");
            writer.WriteString("message", "Authentication Token Expired");
            writer.WriteString("type", "TokenExpired");
            writer.WriteString("node", node);
            writer.WriteEndObject();
        }

        return json.WrittenMemory;
    }
}
