using System.Buffers;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// Takes whole packets from what a connection has received, in place, and checks them completely: what comes out of <see cref="TryRead(ref ReadOnlySequence{byte}, out PacketView)"/>
/// obeys the standard as far as one packet alone can show it. One per connection; not for several threads.
/// </summary>
/// <remarks>
/// Before CONNECT nothing but its first byte is accepted, and the reader learns the version from it; afterwards another CONNECT is a protocol error.
/// A packet that lies in one segment is read where it lies. One that does not is copied into a pooled buffer once it is there in full, so that nobody
/// gets memory by announcing a length. [MQTT-3.1.0-1] [MQTT-3.1.0-2] [MQTT5-3.1.0-1] [MQTT5-3.1.0-2]
/// </remarks>
public sealed class PacketReader : IDisposable
{
    private const int LongestHeader = 5;

    private readonly PacketDirection _direction;
    private byte[]? _assembled;
    private ReadOnlyMemory<byte> _received; // Holds the packet that was read last.

    /// <summary>A reader at the start of its connection.</summary>
    /// <param name="direction">Which way the packets travel.</param>
    /// <param name="limits">The bounds; can be exchanged later by <see cref="Limits"/>.</param>
    /// <param name="version">A client knows it from the start; a server learns it from CONNECT.</param>
    /// <exception cref="ArgumentException">A client's reader needs the version.</exception>
    public PacketReader(PacketDirection direction, PacketLimits limits, MqttVersion version = MqttVersion.Unknown)
    {
        if (direction == PacketDirection.ToClient && version == MqttVersion.Unknown)
            throw new ArgumentException("A client's reader must know the version: V31, V311 or V5.", nameof(version));

        _direction = direction;
        Limits = limits;
        Version = version;
    }

    /// <summary>
    /// The version of the connection. After a refused CONNECT: the version in which to answer, or <see cref="MqttVersion.Unknown"/> when no answer is due and
    /// the connection is simply closed.
    /// </summary>
    public MqttVersion Version { get; private set; }

    /// <summary>The bounds from the next packet on.</summary>
    public PacketLimits Limits { get; set; }

    /// <summary>Why the last read said <see cref="OperationStatus.InvalidData"/>. Reading cannot go on after that: the stream is out of step.</summary>
    public PacketFault Fault { get; private set; }

    /// <summary>
    /// The memory behind a part of the packet that was read last from a sequence, for who cannot carry a span. As short-lived as the packet.
    /// </summary>
    /// <param name="part">For instance <see cref="PublishView.Payload"/>.</param>
    /// <exception cref="ArgumentException">It is not a part of that packet.</exception>
    public ReadOnlyMemory<byte> MemoryOf(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return default;

        return _received.Span.Overlaps(part, out var offset) && offset >= 0 && offset + part.Length <= _received.Length
            ? _received.Slice(offset, part.Length)
            : throw new ArgumentException("These bytes do not belong to the packet that was read last.", nameof(part));
    }

    /// <summary>
    /// Takes the next packet. <see cref="OperationStatus.Done"/>: <paramref name="received"/> begins behind it. <see cref="OperationStatus.NeedMoreData"/>:
    /// nothing is consumed. <see cref="OperationStatus.InvalidData"/>: see <see cref="Fault"/>; the connection must end.
    /// </summary>
    /// <param name="received">What has been received and not consumed.</param>
    /// <param name="packet">Valid until the next call, and no longer than the bytes it was read from.</param>
    public OperationStatus TryRead(ref ReadOnlySequence<byte> received, out PacketView packet)
    {
        _received = received.First;
        var status = TryRead(_received.Span, out packet, out var consumed);
        if (status == OperationStatus.Done)
        {
            received = received.Slice(consumed);
            return status;
        }

        _received = default; // An idle connection must not hold on to a pooled buffer.
        return status == OperationStatus.NeedMoreData && !received.IsSingleSegment ? TryReadAcrossSegments(ref received, out packet) : status;
    }

    /// <summary>The same for bytes that lie in one piece.</summary>
    /// <param name="received">What has been received and not consumed.</param>
    /// <param name="packet">Valid until the next call, and no longer than the bytes it was read from.</param>
    /// <param name="consumed">Length of the packet when the answer is <see cref="OperationStatus.Done"/>, else 0.</param>
    public OperationStatus TryRead(ReadOnlySpan<byte> received, out PacketView packet, out int consumed)
    {
        ReleaseAssembled();
        packet = default;
        consumed = 0;
        var status = ReadHeader(received, out var header);
        if (status != OperationStatus.Done) return status;
        if (received.Length < header.TotalLength) return OperationStatus.NeedMoreData;

        status = ReadBody(header, received.Slice(header.Length, header.BodyLength), out packet);
        if (status == OperationStatus.Done) consumed = header.TotalLength;
        return status;
    }

    /// <summary>Gives the pooled buffer back. Views of it must not be used any more.</summary>
    public void Dispose()
    {
        ReleaseAssembled();
        _received = default;
    }

    private OperationStatus TryReadAcrossSegments(ref ReadOnlySequence<byte> received, out PacketView packet)
    {
        packet = default;
        Span<byte> start = stackalloc byte[LongestHeader];
        var known = (int)Math.Min(LongestHeader, received.Length);
        received.Slice(0, known).CopyTo(start);
        var status = ReadHeader(start[..known], out var header);
        if (status != OperationStatus.Done) return status;
        if (received.Length < header.TotalLength) return OperationStatus.NeedMoreData;

        _assembled = ArrayPool<byte>.Shared.Rent(Math.Max(1, header.BodyLength));
        var body = _assembled.AsSpan(0, header.BodyLength);
        received.Slice(header.Length, header.BodyLength).CopyTo(body);
        _received = _assembled;
        status = ReadBody(header, body, out packet);
        if (status == OperationStatus.Done) received = received.Slice(header.TotalLength);
        return status;
    }

    /// <summary>Decides from the fixed header alone, as early as its bytes allow, whether the packet may be one.</summary>
    private OperationStatus ReadHeader(ReadOnlySpan<byte> received, out FixedHeader header)
    {
        header = default;
        if (received.IsEmpty) return OperationStatus.NeedMoreData;

        var fault = FixedHeader.CheckFirstByte(received[0], _direction, Version);
        if (fault.IsFault) return Refuse(fault);

        var status = FixedHeader.TryParse(received, out header);
        if (status == OperationStatus.InvalidData) return Refuse(PacketFault.Malformed("The remaining length has more than four bytes."));
        if (status == OperationStatus.NeedMoreData) return status;

        fault = CheckSize(header);
        return fault.IsFault ? Refuse(fault) : OperationStatus.Done;
    }

    private PacketFault CheckSize(FixedHeader header)
    {
        var largest = header.Type == PacketType.Connect ? Limits.MaxConnectBytes : Limits.MaxPacketBytes;
        if (header.TotalLength > largest) return new PacketFault(ReasonCode.PacketTooLarge, "The packet is larger than this side takes.");
        if (header.IsStretched && Version == MqttVersion.V5)
            return PacketFault.Malformed("The remaining length is not in its shortest form. [MQTT5-1.5.5-1]");

        return header.CheckLength(Version);
    }

    private OperationStatus ReadBody(FixedHeader header, ReadOnlySpan<byte> body, out PacketView packet)
    {
        var fault = PacketFault.None;
        packet = default;
        if (header.Type == PacketType.Publish)
        {
            if (PublishDecoder.TryDecode(header.Flags, body, Version, _direction, Limits, out var publish, out fault)) packet = new PacketView(publish);
        }
        else if (header.Type == PacketType.Connect)
        {
            fault = ConnectDecoder.Decode(header, body, Limits, out var version, out var connect);
            Version = version;
            packet = new PacketView(PacketType.Connect, connect);
        }
        else
        {
            fault = PacketDecoder.Decode(header.Type, body, new DecodeContext(Version, _direction, Limits), out packet);
        }

        if (!fault.IsFault) return OperationStatus.Done;

        packet = default;
        return Refuse(fault);
    }

    private OperationStatus Refuse(PacketFault fault)
    {
        Fault = fault;
        return OperationStatus.InvalidData;
    }

    private void ReleaseAssembled()
    {
        if (_assembled is null) return;

        ArrayPool<byte>.Shared.Return(_assembled);
        _assembled = null;
    }
}
