using System.Text.Json;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Gives a request what its HTTP headers say, unless it says so itself.</summary>
internal static class RequestDefaults
{
    /// <summary>
    /// Puts the members before those of the request: of two members of one name, the last one counts, so the request's own win. What is no JSON object
    /// is returned as it is, for the parser to refuse.
    /// </summary>
    public static ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> json, HeaderArguments headers)
    {
        var members = json.Span.TrimStart(" \t\r\n"u8);
        if (members.Length < 2 || members[0] != '{') return json;

        members = members[1..];
        var isEmpty = members.TrimStart(" \t\r\n"u8) is [(byte)'}', ..];
        byte[] defaults = [.. "{\"requestId\":\""u8, .. JsonEncodedText.Encode(headers.RequestId).EncodedUtf8Bytes, (byte)'"'];
        if (headers.Jwt is not null) defaults = [.. defaults, .. ",\"jwt\":\""u8, .. JsonEncodedText.Encode(headers.Jwt).EncodedUtf8Bytes, (byte)'"'];
        if (!headers.Volatile.IsEmpty) defaults = [.. defaults, .. ",\"volatile\":"u8, .. headers.Volatile.Span];

        return (byte[])[.. defaults, .. isEmpty ? ""u8 : ","u8, .. members];
    }
}
