namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// Walks a property list that a <see cref="PacketReader"/> has checked, without allocating. On bytes that nobody checked it stops at the first that it
/// cannot read.
/// </summary>
public ref struct PropertyReader
{
    private SpanCursor _cursor;

    /// <summary>Starts before the first property.</summary>
    /// <param name="properties">The list without its length.</param>
    public PropertyReader(ReadOnlySpan<byte> properties) => _cursor = new SpanCursor(properties);

    /// <summary>Which property this is.</summary>
    public PropertyId Id { get; private set; }

    /// <summary>The value of a byte, two-byte, four-byte or variable integer.</summary>
    public uint Integer { get; private set; }

    /// <summary>The value of a string (UTF-8) or of binary data; of a user property the value, not the name.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The name of a user property (UTF-8).</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The whole property as it is on the wire, identifier included.</summary>
    public ReadOnlySpan<byte> Encoded { get; private set; }

    internal readonly bool IsAtEnd => _cursor.IsAtEnd;

    /// <summary>Goes to the next property; false at the end.</summary>
    public bool MoveNext()
    {
        var start = _cursor.Rest;
        Name = default;
        Bytes = default;
        Integer = 0;
        Id = PropertyId.None;
        if (!_cursor.TryReadByte(out var id) || !TryReadValue((PropertyId)id)) return false;

        Id = (PropertyId)id;
        Encoded = start[..(start.Length - _cursor.Rest.Length)];
        return true;
    }

    private bool TryReadValue(PropertyId id)
    {
        switch (PropertyRules.KindOf(id))
        {
            case PropertyKind.Byte:
                var read = _cursor.TryReadByte(out var small);
                Integer = small;
                return read;

            case PropertyKind.TwoBytes:
                read = _cursor.TryReadUInt16(out var medium);
                Integer = medium;
                return read;

            case PropertyKind.FourBytes:
                read = _cursor.TryReadUInt32(out var large);
                Integer = large;
                return read;

            case PropertyKind.VariableInteger:
                read = _cursor.TryReadVariableInteger(out var variable);
                Integer = variable;
                return read;

            case PropertyKind.Text or PropertyKind.Binary:
                read = _cursor.TryReadField(out var bytes);
                Bytes = bytes;
                return read;

            case PropertyKind.Pair:
                if (!_cursor.TryReadField(out var name) || !_cursor.TryReadField(out bytes)) return false;
                Name = name;
                Bytes = bytes;
                return true;

            default:
                return false;
        }
    }
}
