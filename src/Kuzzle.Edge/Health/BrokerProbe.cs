using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Health;

/// <summary>
/// A client of the broker within the process: it subscribes to a topic of its own, and a broker that answers brings it what is published there. That takes the
/// connection loop, the subscription tree and the delivery.
/// </summary>
/// <param name="broker">The broker, which need not have been started before <see cref="StartAsync"/>.</param>
internal sealed class BrokerProbe(MqttBroker broker) : IListenerProfile, IAsyncDisposable
{
    private const string ClientId = "kuzzle-edge-health";
    private const string Topic = "$SYS/kuzzle-edge/health";
    private const int PublishPacket = 3;

    private readonly Pipe _toBroker = new();
    private readonly Pipe _fromBroker = new();
    private readonly CancellationTokenSource _end = new();
    private Task _serving = Task.CompletedTask;

    /// <summary>Connects and subscribes; to be awaited once before the first <see cref="AnswerAsync"/>.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _serving = broker.ServeAsync(new Transport(_toBroker.Reader, _fromBroker.Writer), new MqttPeer(MqttTransport.Memory, null), this, _end.Token);
        byte[] connect = [0x10, (byte)(12 + ClientId.Length), 0, 4, .. "MQTT"u8, 4, 0b10, 0, 0, 0, (byte)ClientId.Length, .. Encoding.ASCII.GetBytes(ClientId)];
        byte[] subscribe = [0x82, (byte)(5 + Topic.Length), 0, 1, 0, (byte)Topic.Length, .. Encoding.ASCII.GetBytes(Topic), 0];
        await _toBroker.Writer.WriteAsync((byte[])[.. connect, .. subscribe], cancellationToken);
        while (await ReadPacketTypeAsync(cancellationToken) != 9)
        {
            // CONNACK comes before the SUBACK (9).
        }
    }

    /// <summary>Completes when a message has gone through the broker.</summary>
    public async Task AnswerAsync(CancellationToken cancellationToken)
    {
        broker.Publish(new MqttMessage(Topic, "?"u8.ToArray()));
        while (await ReadPacketTypeAsync(cancellationToken) != PublishPacket)
        {
            // Nothing else is expected, but nothing else would prove anything.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _end.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        // Or anybody could take its session over under its client identifier, and the watchdog would end the process.
        client.Identity = new ClientIdentity(IdentityKind.Internal, ClientId);
        return new(ConnectRuling.Accept);
    }

    /// <inheritdoc/>
    public void OnConnected(IMqttClient client)
    {
    }

    /// <inheritdoc/>
    public void OnDisconnected(IMqttClient client)
    {
    }

    /// <inheritdoc/>
    public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => PublishRuling.Refuse;

    /// <inheritdoc/>
    public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => filter == Topic ? SubscribeRuling.Grant : SubscribeRuling.Refuse;

    /// <inheritdoc/>
    public void Take(IMqttClient client, MqttMessage message) => throw new InvalidOperationException("The probe takes no messages.");

    /// <summary>The type of the next packet; all that come here are shorter than 128 bytes, so their length is one byte.</summary>
    private async Task<int> ReadPacketTypeAsync(CancellationToken cancellationToken)
    {
        var read = await _fromBroker.Reader.ReadAtLeastAsync(2, cancellationToken);
        var head = read.Buffer.Slice(0, Math.Min(2, read.Buffer.Length)).ToArray();
        _fromBroker.Reader.AdvanceTo(read.Buffer.Start);
        if (head.Length < 2) throw new InvalidOperationException("The broker has closed the connection.");

        var length = 2 + head[1];
        var packet = await _fromBroker.Reader.ReadAtLeastAsync(length, cancellationToken);
        _fromBroker.Reader.AdvanceTo(packet.Buffer.GetPosition(Math.Min(length, packet.Buffer.Length)));
        return head[0] >> 4;
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
