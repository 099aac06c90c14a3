using System.Buffers;
using System.IO.Pipelines;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>The stream of one connection with its reader and writer.</summary>
internal sealed class ConnectionStream : IAsyncDisposable
{
    /// <summary>Levels of a topic, user properties of a message. A server cannot be told how many are taken, and sends a message that is refused for them first on each connection.</summary>
    private const int Most = 65_536;

    private readonly Stream _stream;
    private readonly PacketReader _packets;
    private readonly OversizedMessages? _oversized;
    private readonly ProgressStream _progress;

    public ConnectionStream(Stream stream, MqttClientOptions options)
    {
        _stream = stream;
        var limits = new PacketLimits { MaxPacketBytes = options.MaxPacketBytes, TopicAliasMaximum = options.TopicAliasMaximum, MaxTopicLevels = Most, MaxUserProperties = Most };
        _packets = new PacketReader(PacketDirection.ToClient, limits, options.Version);
        if (options.TakesOversized && options.Version != MqttVersion.V5) _oversized = new OversizedMessages(options.Version, limits);
        _progress = new ProgressStream(stream);
        Input = PipeReader.Create(_progress, new StreamPipeReaderOptions(leaveOpen: true));
        Output = PipeWriter.Create(_progress, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <inheritdoc cref="ProgressStream.BytesRead"/>
    public long BytesRead => _progress.BytesRead;

    /// <inheritdoc cref="ProgressStream.PiecesWritten"/>
    public long PiecesWritten => _progress.PiecesWritten;

    /// <summary>Takes the next packet. Of a message that is too large the payload is discarded as it comes.</summary>
    /// <exception cref="ProtocolFaultException">It is none.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> received, out PacketView packet)
    {
        if (_oversized is not null && _oversized.IsNext(received))
        {
            packet = default;
            if (!_oversized.TryTake(ref received, out var message)) return false;

            packet = new PacketView(message);
            return true;
        }

        var status = _packets.TryRead(ref received, out packet);
        if (status == OperationStatus.InvalidData) throw new ProtocolFaultException(_packets.Fault);
        if (status == OperationStatus.NeedMoreData) return false;

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
