using System.Buffers.Binary;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>A position in the body of a packet. A method that answers false has moved nothing: the packet ends too early.</summary>
internal ref struct SpanCursor(ReadOnlySpan<byte> body)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = body;

    public readonly bool IsAtEnd => Rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        if (Rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = Rest[0];
        Rest = Rest[1..];
        return true;
    }

    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(Rest, out value)) return false;

        Rest = Rest[2..];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(Rest, out value)) return false;

        Rest = Rest[4..];
        return true;
    }

    /// <summary>Two bytes of length, then as many bytes: binary data, or a string whose text the caller checks.</summary>
    public bool TryReadField(out ReadOnlySpan<byte> value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(Rest, out var length) || Rest.Length - 2 < length)
        {
            value = default;
            return false;
        }

        value = Rest.Slice(2, length);
        Rest = Rest[(2 + length)..];
        return true;
    }

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> value)
    {
        if (count > Rest.Length)
        {
            value = default;
            return false;
        }

        value = Rest[..count];
        Rest = Rest[count..];
        return true;
    }

    /// <summary>A variable byte integer in its shortest form; everything else is false. [MQTT5-1.5.5-1]</summary>
    public bool TryReadVariableInteger(out uint value)
    {
        value = 0;
        for (var index = 0; index < 4 && index < Rest.Length; index++)
        {
            var next = Rest[index];
            value |= (uint)(next & 0x7F) << (7 * index);
            if (next >= 0x80) continue;
            if (next == 0 && index > 0) return false;

            Rest = Rest[(index + 1)..];
            return true;
        }

        return false;
    }
}
