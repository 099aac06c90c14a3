using System.Buffers;
using System.IO.Pipelines;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>The stream of one connection with its reader and writer.</summary>
internal sealed class ConnectionStream : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly PacketReader _packets;
    private long _packetsRead;

    public ConnectionStream(Stream stream, MqttClientOptions options)
    {
        _stream = stream;
        _packets = new PacketReader(
            PacketDirection.ToClient, new PacketLimits { MaxPacketBytes = options.MaxPacketBytes, TopicAliasMaximum = options.TopicAliasMaximum }, options.Version);
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Grows with every packet.</summary>
    public long PacketsRead => Volatile.Read(ref _packetsRead);

    /// <summary>Takes the next packet.</summary>
    /// <exception cref="ProtocolFaultException">It is none.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> received, out PacketView packet)
    {
        var status = _packets.TryRead(ref received, out packet);
        if (status == OperationStatus.InvalidData) throw new ProtocolFaultException(_packets.Fault);
        if (status == OperationStatus.NeedMoreData) return false;

        Volatile.Write(ref _packetsRead, _packetsRead + 1);
        return true;
    }

    /// <summary>Sends CONNECT and waits for CONNACK; what came behind it stays unread. [MQTT-3.2.0-1] [MQTT5-3.2.0-1]</summary>
    /// <exception cref="ProtocolFaultException">Something else came.</exception>
    /// <exception cref="EndOfStreamException">Nothing came.</exception>
    public async Task<ConnackPacket> GreetAsync(ConnectPacket connect, CancellationToken cancellationToken)
    {
        PacketWriter.TryWrite(Output, connect);
        await Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var read = await Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            if (TryTakeConnack(ref rest) is { } connack)
            {
                Input.AdvanceTo(rest.Start); // Not examined beyond: what follows may be there already.
                return connack;
            }

            if (read.IsCompleted) throw new EndOfStreamException("The server has closed the connection without an answer to CONNECT.");
            Input.AdvanceTo(rest.Start, rest.End);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _packets.Dispose();
    }

    private ConnackPacket? TryTakeConnack(ref ReadOnlySequence<byte> received)
    {
        if (!TryTake(ref received, out var packet)) return null;

        return packet.Type switch
        {
            PacketType.Connack => packet.Connack,
            PacketType.Auth => throw ProtocolFaultException.Protocol("The server asks for an enhanced authentication, which this client has not offered. [MQTT5-4.12.0-6]"),
            _ => throw ProtocolFaultException.Protocol($"The server sends {packet.Type} before CONNACK. [MQTT-3.2.0-1] [MQTT5-3.2.0-1]"),
        };
    }
}
