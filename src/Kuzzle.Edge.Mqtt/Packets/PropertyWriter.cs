using System.Buffers.Binary;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>Writes properties one behind the other; over an empty destination it only counts.</summary>
internal ref struct PropertyWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    private readonly bool OnlyCounts => _destination.IsEmpty;

    public void Byte(PropertyId id, byte? value)
    {
        if (value is not { } known) return;

        var room = Take(id, 1);
        if (!OnlyCounts) room[0] = known;
    }

    public void TwoBytes(PropertyId id, ushort? value)
    {
        if (value is not { } known) return;

        var room = Take(id, 2);
        if (!OnlyCounts) BinaryPrimitives.WriteUInt16BigEndian(room, known);
    }

    public void FourBytes(PropertyId id, uint? value)
    {
        if (value is not { } known) return;

        var room = Take(id, 4);
        if (!OnlyCounts) BinaryPrimitives.WriteUInt32BigEndian(room, known);
    }

    public void VariableInteger(PropertyId id, uint? value)
    {
        if (value is not { } known) return;

        var room = Take(id, Packets.VariableInteger.SizeOf(known));
        if (!OnlyCounts) Packets.VariableInteger.Write(room, known);
    }

    public void Text(PropertyId id, string? value)
    {
        if (value is null) return;

        var length = FieldText.BytesOf(value);
        var room = Take(id, 2 + length);
        if (!OnlyCounts) FieldText.Write(room, value, length);
    }

    public void Binary(PropertyId id, byte[]? value)
    {
        if (value is null) return;
        if (value.Length > ushort.MaxValue) throw new ArgumentException($"A property holds {value.Length} bytes; at most 65535 can be sent.", nameof(value));

        var room = Take(id, 2 + value.Length);
        if (OnlyCounts) return;

        BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)value.Length);
        value.CopyTo(room[2..]);
    }

    public void Pair(PropertyId id, UserProperty value)
    {
        var nameLength = FieldText.BytesOf(value.Name);
        var valueLength = FieldText.BytesOf(value.Value);
        var room = Take(id, 4 + nameLength + valueLength);
        if (OnlyCounts) return;

        FieldText.Write(room, value.Name, nameLength);
        FieldText.Write(room[(2 + nameLength)..], value.Value, valueLength);
    }

    private Span<byte> Take(PropertyId id, int length)
    {
        var start = Length;
        Length += 1 + length;
        if (OnlyCounts) return default;

        _destination[start] = (byte)id;
        return _destination.Slice(start + 1, length);
    }
}
