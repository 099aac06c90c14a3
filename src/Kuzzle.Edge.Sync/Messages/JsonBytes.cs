using System.Buffers;
using System.Text.Json;

namespace Kuzzle.Edge.Sync.Messages;

/// <summary>JSON as bytes of its own.</summary>
internal static class JsonBytes
{
    /// <summary>A copy of a value, which may point into a buffer that is used again.</summary>
    public static ReadOnlyMemory<byte> Of(JsonElement value) => Write(value.WriteTo);

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) write(writer);
        return bytes.WrittenMemory;
    }
}
