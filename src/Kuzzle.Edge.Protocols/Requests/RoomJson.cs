using System.Text.Json;

namespace Kuzzle.Edge.Protocols.Requests;

/// <summary>The <c>room</c> member that the WebSocket protocol adds to each object: the requestId of an answer, the channel of a notification.</summary>
internal static class RoomJson
{
    private static ReadOnlySpan<byte> Member => ",\"room\":\""u8;

    /// <summary>Copies a JSON object, which must have at least one member and no space after its last brace, and adds the room as its last member.</summary>
    public static byte[] With(ReadOnlySpan<byte> json, string room)
    {
        var escaped = JsonEncodedText.Encode(room).EncodedUtf8Bytes;
        var open = json[..^1];
        var result = new byte[open.Length + Member.Length + escaped.Length + 2];

        open.CopyTo(result);
        Member.CopyTo(result.AsSpan(open.Length));
        escaped.CopyTo(result.AsSpan(open.Length + Member.Length));
        "\"}"u8.CopyTo(result.AsSpan(result.Length - 2));
        return result;
    }
}
