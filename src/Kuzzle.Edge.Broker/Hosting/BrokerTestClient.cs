using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>A client of a <see cref="BrokerTestHost"/>. It acknowledges what it gets, and its methods complete when the broker has answered.</summary>
public sealed class BrokerTestClient : IAsyncDisposable
{
    private readonly IDuplexPipe _transport;
    private readonly MqttVersion _version;
    private readonly Channel<MqttMessage> _received = Channel.CreateUnbounded<MqttMessage>();
    private readonly ConcurrentDictionary<(PacketType, ushort), TaskCompletionSource<ReasonCode[]>> _answers = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource<ReasonCode> _connack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private int _lastIdentifier;

    internal BrokerTestClient(IDuplexPipe transport, MqttVersion version)
    {
        _transport = transport;
        _version = version;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>What the broker has said when it closed the connection (MQTT 5), or null.</summary>
    public ReasonCode? DisconnectReason { get; private set; }

    /// <summary>Completes when the broker has closed the connection.</summary>
    public Task Closed => _reading;

    /// <summary>Sends CONNECT.</summary>
    /// <returns>The answer; of an older version, what comes nearest to its return code.</returns>
    /// <exception cref="EndOfStreamException">The broker has closed the connection without an answer.</exception>
    public async Task<ReasonCode> ConnectAsync(ConnectPacket packet)
    {
        await WriteAsync(output => PacketWriter.TryWrite(output, packet)).ConfigureAwait(false);
        return await _connack.Task.ConfigureAwait(false);
    }

    /// <summary>Publishes.</summary>
    /// <returns>What its acknowledgement says; success at QoS 0.</returns>
    /// <exception cref="EndOfStreamException">The broker has closed the connection without an acknowledgement.</exception>
    public async Task<ReasonCode> PublishAsync(MqttMessage message)
    {
        var identifier = message.Qos == QualityOfService.AtMostOnce ? (ushort)0 : NextIdentifier();
        var answer = message.Qos == QualityOfService.AtMostOnce ? null : Expect(message.Qos == QualityOfService.AtLeastOnce ? PacketType.Puback : PacketType.Pubrec, identifier);
        await WriteAsync(output => Write(output, message, identifier)).ConfigureAwait(false);
        if (answer is null) return ReasonCode.Success;

        var reason = (await answer.ConfigureAwait(false))[0];
        if (message.Qos != QualityOfService.ExactlyOnce || reason >= ReasonCode.UnspecifiedError) return reason;

        var completed = Expect(PacketType.Pubcomp, identifier);
        await AcknowledgeAsync(PacketType.Pubrel, identifier).ConfigureAwait(false);
        await completed.ConfigureAwait(false);
        return reason;
    }

    /// <summary>Subscribes to one filter.</summary>
    /// <returns>The granted quality of service, or why it was refused.</returns>
    /// <exception cref="EndOfStreamException">The broker has closed the connection without an answer.</exception>
    public async Task<ReasonCode> SubscribeAsync(string filter, QualityOfService qos = QualityOfService.AtMostOnce)
    {
        var packet = new SubscribePacket { PacketIdentifier = NextIdentifier(), Subscriptions = [new SubscriptionRequest { Filter = filter, QualityOfService = qos }] };
        var answer = Expect(PacketType.Suback, packet.PacketIdentifier);
        await WriteAsync(output => PacketWriter.TryWrite(output, _version, packet)).ConfigureAwait(false);
        return (await answer.ConfigureAwait(false))[0];
    }

    /// <summary>Ends a subscription.</summary>
    /// <returns>Success, or that there was none; always success before MQTT 5.</returns>
    public async Task<ReasonCode> UnsubscribeAsync(string filter)
    {
        var packet = new UnsubscribePacket { PacketIdentifier = NextIdentifier(), Filters = [new UnsubscribeRequest { Filter = filter }] };
        var answer = Expect(PacketType.Unsuback, packet.PacketIdentifier);
        await WriteAsync(output => PacketWriter.TryWrite(output, _version, packet)).ConfigureAwait(false);
        return (await answer.ConfigureAwait(false)) is [var reason, ..] ? reason : ReasonCode.Success;
    }

    /// <summary>The next message that was sent to this client.</summary>
    /// <exception cref="ChannelClosedException">The connection has been closed, and there is none.</exception>
    public ValueTask<MqttMessage> ReceiveAsync(CancellationToken cancellationToken = default) => _received.Reader.ReadAsync(cancellationToken);

    /// <summary>Says goodbye: no will.</summary>
    public async Task DisconnectAsync()
    {
        await WriteAsync(output => PacketWriter.TryWrite(output, _version, new DisconnectPacket())).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Breaks the connection off, if it is open: the will is due.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transport.Output.CompleteAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _writing.Dispose();
    }

    private ushort NextIdentifier() => (ushort)((Interlocked.Increment(ref _lastIdentifier) % ushort.MaxValue) + 1);

    private Task<ReasonCode[]> Expect(PacketType type, ushort identifier)
    {
        var answer = new TaskCompletionSource<ReasonCode[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[(type, identifier)] = answer;
        if (_reading.IsCompleted) answer.TrySetException(Gone());
        return answer.Task;
    }

    private async Task WriteAsync(Func<PipeWriter, bool> write)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            _ = write(_transport.Output);
            _ = await _transport.Output.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _ = _writing.Release();
        }
    }

    private bool Write(PipeWriter output, MqttMessage message, ushort identifier)
    {
        var content = new PublishContent { Topic = Encoding.UTF8.GetBytes(message.Topic), Payload = message.Payload.Span, MessageExpiryInterval = message.ExpirySeconds };
        _ = PublishWriter.Write(output, _version, message.Qos, content, new PublishDelivery { PacketIdentifier = identifier, Retain = message.Retain });
        return true;
    }

    private Task AcknowledgeAsync(PacketType type, ushort identifier) => WriteAsync(output =>
    {
        PacketWriter.WriteAcknowledgement(output, _version, type, identifier);
        return true;
    });

    private async Task ReadAsync()
    {
        using var reader = new PacketReader(PacketDirection.ToClient, new PacketLimits(), _version);
        while (true)
        {
            var read = await _transport.Input.ReadAsync().ConfigureAwait(false);
            var rest = read.Buffer;
            while (TryTake(reader, ref rest) is { } answering) await answering.ConfigureAwait(false);
            _transport.Input.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) break;
        }

        _ = _connack.TrySetException(Gone());
        foreach (var answer in _answers.Values) _ = answer.TrySetException(Gone());
        _ = _received.Writer.TryComplete();
        await _transport.Input.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Takes one packet.</summary>
    /// <returns>What is to be awaited before the next; null when there is none.</returns>
    private Task? TryTake(PacketReader reader, ref ReadOnlySequence<byte> rest)
    {
        var status = reader.TryRead(ref rest, out var packet);
        if (status == OperationStatus.InvalidData) throw new InvalidOperationException($"The broker has sent what is no packet: {reader.Fault.Detail}");
        if (status == OperationStatus.NeedMoreData) return null;

        switch (packet.Type)
        {
            case PacketType.Connack: _ = _connack.TrySetResult(packet.Connack.ReasonCode); break;
            case PacketType.Publish: return OnPublish(packet.Publish);
            case PacketType.Pubrel: return AcknowledgeAsync(PacketType.Pubcomp, packet.Acknowledgement.PacketIdentifier);
            case PacketType.Suback: Settle(PacketType.Suback, packet.Suback.PacketIdentifier, packet.Suback.ReasonCodes); break;
            case PacketType.Unsuback: Settle(PacketType.Unsuback, packet.Unsuback.PacketIdentifier, packet.Unsuback.ReasonCodes); break;
            case PacketType.Disconnect: DisconnectReason = packet.Disconnect.ReasonCode; break;
            case PacketType.Puback or PacketType.Pubrec or PacketType.Pubcomp:
                Settle(packet.Type, packet.Acknowledgement.PacketIdentifier, [packet.Acknowledgement.ReasonCode]);
                break;
        }

        return Task.CompletedTask;
    }

    private Task OnPublish(in PublishView packet)
    {
        var message = new MqttMessage(Encoding.UTF8.GetString(packet.Topic), packet.Payload.ToArray())
        {
            Qos = packet.QualityOfService,
            Retain = packet.Retain,
            ExpirySeconds = packet.MessageExpiryInterval,
        };
        _ = _received.Writer.TryWrite(message);
        return packet.QualityOfService switch
        {
            QualityOfService.AtLeastOnce => AcknowledgeAsync(PacketType.Puback, packet.PacketIdentifier),
            QualityOfService.ExactlyOnce => AcknowledgeAsync(PacketType.Pubrec, packet.PacketIdentifier),
            _ => Task.CompletedTask,
        };
    }

    private void Settle(PacketType type, ushort identifier, ReasonCode[] reasons)
    {
        if (_answers.TryRemove((type, identifier), out var answer)) _ = answer.TrySetResult(reasons);
    }

    private static EndOfStreamException Gone() => new("The broker has closed the connection.");
}
