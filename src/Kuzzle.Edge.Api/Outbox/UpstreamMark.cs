using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>
/// What the upstream is known to hold of a document, as a fingerprint of 128 bits: two sources with the same values have the same, whatever the order of their members and
/// the spelling of their numbers, for both change on the way through a Kuzzle.
/// </summary>
/// <param name="Fingerprint">The first half of a SHA-256.</param>
public readonly record struct UpstreamMark(UInt128 Fingerprint)
{
    /// <summary>How many bytes <see cref="CopyTo"/> writes.</summary>
    public const int Length = 16;

    /// <summary>The fingerprint of a source.</summary>
    public static UpstreamMark Of(JsonElement source)
    {
        var canonical = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(canonical)) Write(writer, source);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical.WrittenSpan, hash);
        return Read(hash);
    }

    /// <summary>Reads what <see cref="CopyTo"/> wrote.</summary>
    public static UpstreamMark Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes it as <see cref="Length"/> bytes.</summary>
    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Fingerprint);

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                // A Kuzzle knows doubles only: 1.0 comes back as 1, and 2^53 + 1 as 2^53.
                writer.WriteStringValue(value.GetDouble().ToString("R", CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.String:
                writer.WriteStringValue($"\"{value.GetString()}");
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
