using System.Buffers;
using System.Buffers.Binary;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>One packet of known length on its way into an output.</summary>
internal ref struct Frame
{
    private readonly IBufferWriter<byte> _output;
    private readonly Span<byte> _destination;
    private int _at;

    public Frame(IBufferWriter<byte> output, byte firstByte, int bodyLength)
    {
        _output = output;
        var total = 1 + VariableInteger.SizeOf((uint)bodyLength) + bodyLength;
        _destination = output.GetSpan(total)[..total];
        _destination[0] = firstByte;
        _at = 1 + VariableInteger.Write(_destination[1..], (uint)bodyLength);
    }

    public void Byte(byte value) => _destination[_at++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_at..], value);
        _at += 2;
    }

    public void Text(string value)
    {
        var length = FieldText.BytesOf(value);
        FieldText.Write(_destination[_at..], value, length);
        _at += 2 + length;
    }

    public void Field(ReadOnlySpan<byte> value)
    {
        UInt16((ushort)value.Length);
        value.CopyTo(_destination[_at..]);
        _at += value.Length;
    }

    public void Properties(MqttProperties? properties)
    {
        var length = properties?.EncodedLength ?? 0;
        _at += VariableInteger.Write(_destination[_at..], (uint)length);
        if (length == 0) return;

        properties!.WriteTo(_destination.Slice(_at, length));
        _at += length;
    }

    public readonly void Complete()
    {
        if (_at != _destination.Length) throw new InvalidOperationException($"A packet of {_destination.Length} bytes was written as {_at}.");

        _output.Advance(_at);
    }
}
