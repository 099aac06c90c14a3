using System.Buffers;
using System.Buffers.Binary;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// Takes messages that are larger than this side wants to hold, from a server that cannot be told so (before 5.0): topic and packet identifier are read, so that the message can be
/// acknowledged, and the payload is discarded as it comes. Else the server would send it again on each connection, before all others. Not for several threads.
/// </summary>
/// <param name="version">3.1 or 3.1.1.</param>
/// <param name="limits">What is too large.</param>
internal sealed class OversizedMessages(MqttVersion version, PacketLimits limits)
{
    private const int LongestHeader = 5;

    private FixedHeader _header;
    private byte[] _start = []; // Topic and packet identifier of the message that is being discarded.
    private long _left;
    private bool _isUnderWay;

    /// <summary>Whether what comes next belongs to such a message; false, too, while that cannot be told.</summary>
    public bool IsNext(in ReadOnlySequence<byte> received) =>
        _isUnderWay || (TryReadHeader(received, out var header) && header.Type == PacketType.Publish && header.TotalLength > limits.MaxPacketBytes);

    /// <summary>Takes what is there of it; nothing is consumed before its topic is there as a whole. To be called where <see cref="IsNext"/>.</summary>
    /// <param name="received">What has been received and not consumed.</param>
    /// <param name="message">When its last byte has come: the message, without its payload. Valid until the next call.</param>
    /// <exception cref="ProtocolFaultException">It is no message.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> received, out PublishView message)
    {
        message = default;
        if (!_isUnderWay && !TryBegin(ref received)) return false;

        var discarded = Math.Min(_left, received.Length);
        received = received.Slice(discarded);
        _left -= discarded;
        if (_left > 0) return false;

        _isUnderWay = false;
        if (!PublishDecoder.TryDecode(_header.Flags, _start, version, PacketDirection.ToClient, limits, out var start, out var fault)) throw new ProtocolFaultException(fault);

        message = start with { DiscardedBytes = _header.BodyLength - _start.Length };
        return true;
    }

    private bool TryBegin(ref ReadOnlySequence<byte> received)
    {
        TryReadHeader(received, out _header);
        Span<byte> length = stackalloc byte[2];
        if (received.Length < _header.Length + length.Length) return false;

        received.Slice(_header.Length, length.Length).CopyTo(length);
        var hasIdentifier = (_header.Flags & 0x06) != 0;
        var start = length.Length + BinaryPrimitives.ReadUInt16BigEndian(length) + (hasIdentifier ? 2 : 0);
        if (start > _header.BodyLength) throw new ProtocolFaultException(PacketFault.Malformed("The topic is longer than the packet."));
        if (received.Length < _header.Length + start) return false;

        _start = received.Slice(_header.Length, start).ToArray();
        _left = _header.BodyLength - start;
        _isUnderWay = true;
        received = received.Slice(_header.Length + start);
        return true;
    }

    private bool TryReadHeader(in ReadOnlySequence<byte> received, out FixedHeader header)
    {
        Span<byte> start = stackalloc byte[LongestHeader];
        var known = start[..(int)Math.Min(LongestHeader, received.Length)];
        received.Slice(0, known.Length).CopyTo(known);
        header = default;

        // What is not even the beginning of a packet is for the reader of packets to complain of.
        return !known.IsEmpty
            && !FixedHeader.CheckFirstByte(known[0], PacketDirection.ToClient, version).IsFault
            && FixedHeader.TryParse(known, out header) == OperationStatus.Done;
    }
}
