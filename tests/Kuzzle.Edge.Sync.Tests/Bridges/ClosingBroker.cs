using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>
/// A broker of MQTT 3.1.1 that closes the connection on what it does not like, as brokers do that cannot say more. It answers what came together when it has read all of it, so an answer
/// may be lost for a packet that came behind. A message counts as taken when its answer is on its way.
/// </summary>
internal sealed class ClosingBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<string> _taken = [];
    private readonly HashSet<ushort> _owned = [];
    private readonly Func<int, PacketType, string, bool> _closes;
    private readonly Task _running;
    private readonly OrderedDictionary<ushort, string> _owed = [];
    private int _connections;

    /// <param name="closes">Whether it closes connection number N (from 1) on a packet, which for a PUBLISH has a topic.</param>
    public ClosingBroker(Func<int, PacketType, string, bool> closes)
    {
        _closes = closes;
        _listener.Start();
        _running = RunAsync();
    }

    public Uri Url => new(FormattableString.Invariant($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Topics of the messages, in the order in which they were taken.</summary>
    public IReadOnlyList<string> Taken
    {
        get
        {
            lock (_lock) return [.. _taken];
        }
    }

    /// <summary>How many identifiers it owns of messages of QoS 2 that were not released: it takes no other message under them.</summary>
    public int Owned
    {
        get
        {
            lock (_lock) return _owned.Count;
        }
    }

    /// <summary>How many of its own messages the bridge has not acknowledged.</summary>
    public int Unacknowledged
    {
        get
        {
            lock (_lock) return _owed.Count;
        }
    }

    /// <summary>Sends messages at QoS 1 behind a SUBACK, on each connection those that are not acknowledged. To be called before the first.</summary>
    public void Sends(params string[] topics)
    {
        lock (_lock)
        {
            foreach (var topic in topics) _owed.Add((ushort)(_owed.Count + 1), topic);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client.GetStream(), Interlocked.Increment(ref _connections));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(NetworkStream stream, int connection)
    {
        var input = PipeReader.Create(stream);
        using var packets = new PacketReader(PacketDirection.ToServer, PacketLimits.Default);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(_stop.Token);
                var rest = read.Buffer;
                var answers = new ArrayBufferWriter<byte>();
                if (!TryAnswer(ref rest, packets, connection, answers)) return;

                await stream.WriteAsync(answers.WrittenMemory, _stop.Token);
                input.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted) return;
            }
        }
        catch (IOException)
        {
            // The bridge has closed.
        }
    }

    /// <returns>False when it closes.</returns>
    private bool TryAnswer(ref ReadOnlySequence<byte> received, PacketReader packets, int connection, ArrayBufferWriter<byte> answers)
    {
        var taken = new List<string>();
        var owned = new List<ushort>();
        while (packets.TryRead(ref received, out var packet) == OperationStatus.Done)
        {
            var topic = packet.Type == PacketType.Publish ? Encoding.UTF8.GetString(packet.Publish.Topic) : "";
            if (_closes(connection, packet.Type, topic))
            {
                // Of the others nobody was told; that one counts as taken, whatever becomes of it: the worst that a broker can do.
                lock (_lock)
                {
                    _owned.ExceptWith(owned);
                    if (packet.Type == PacketType.Publish && packet.Publish.QualityOfService == QualityOfService.ExactlyOnce) _owned.Add(packet.Publish.PacketIdentifier);
                }

                return false;
            }

            switch (packet.Type)
            {
                case PacketType.Connect:
                    PacketWriter.TryWrite(answers, MqttVersion.V311, new ConnackPacket { SessionPresent = connection > 1 });
                    if (connection > 1) WriteOwed(answers);
                    break;
                case PacketType.Subscribe:
                    PacketWriter.TryWrite(
                        answers, MqttVersion.V311, new SubackPacket { PacketIdentifier = packet.Subscribe.PacketIdentifier, ReasonCodes = new ReasonCode[packet.Subscribe.Subscriptions.Length] });
                    WriteOwed(answers);
                    break;
                case PacketType.Puback:
                    lock (_lock) _owed.Remove(packet.Acknowledgement.PacketIdentifier);
                    break;
                case PacketType.Pingreq: PacketWriter.WritePingresp(answers); break;
                case PacketType.Pubrel:
                    lock (_lock) _owned.Remove(packet.Acknowledgement.PacketIdentifier);
                    PacketWriter.WriteAcknowledgement(answers, MqttVersion.V311, PacketType.Pubcomp, packet.Acknowledgement.PacketIdentifier);
                    break;
                case PacketType.Publish when packet.Publish.QualityOfService == QualityOfService.ExactlyOnce:
                    lock (_lock)
                    {
                        if (_owned.Add(packet.Publish.PacketIdentifier))
                        {
                            taken.Add(topic);
                            owned.Add(packet.Publish.PacketIdentifier);
                        }
                    }

                    PacketWriter.WriteAcknowledgement(answers, MqttVersion.V311, PacketType.Pubrec, packet.Publish.PacketIdentifier);
                    break;
                case PacketType.Publish:
                    taken.Add(topic);
                    PacketWriter.WriteAcknowledgement(answers, MqttVersion.V311, PacketType.Puback, packet.Publish.PacketIdentifier);
                    break;
            }
        }

        packets.Fault.IsFault.ShouldBeFalse($"{packets.Fault}");
        lock (_lock) _taken.AddRange(taken);
        return true;
    }

    private void WriteOwed(ArrayBufferWriter<byte> output)
    {
        lock (_lock)
        {
            foreach (var (identifier, topic) in _owed)
            {
                var content = new PublishContent { Topic = Encoding.UTF8.GetBytes(topic), Payload = "x"u8 };
                PublishWriter.Write(output, MqttVersion.V311, QualityOfService.AtLeastOnce, content, new PublishDelivery { PacketIdentifier = identifier });
            }
        }
    }
}
