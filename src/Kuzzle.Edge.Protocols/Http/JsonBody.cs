using System.Text.Json;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>
/// Whether a body may become the member <c>body</c> of a request. What is more or less than one value must not: <c>{},"jwt":…</c> would put words into the mouth of the
/// request around it.
/// </summary>
internal static class JsonBody
{
    /// <summary>Why it may not, or null when it may. No body at all may.</summary>
    public static string? FindFault(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return null;

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 1000 });
            while (reader.Read())
            {
                // To its end, however it goes.
            }

            return null;
        }
        catch (JsonException fault)
        {
            return $"it cannot be read (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}).";
        }
    }
}
