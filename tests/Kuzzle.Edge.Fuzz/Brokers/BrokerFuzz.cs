using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Fuzz.Seeds;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Fuzz.Brokers;

/// <summary>
/// Feeds a live broker over many connections in memory, a few at a time, which take over each other's sessions and hear each other's messages. No exception
/// escapes, every connection answers or ends, whatever the broker says is legal, a healthy client is served all the while, and memory keeps to the bounds.
/// </summary>
/// <param name="seed">From which the input follows.</param>
/// <param name="limit">When it ends.</param>
/// <param name="store">Not disposed by this.</param>
internal sealed class BrokerFuzz(int seed, FuzzLimit limit, IBrokerStore store) : IDisposable
{
    private const int PacketsPerShare = 24;
    private const int SharesPerCheckUp = 200;

    // What the bounds below add up to, and as much again for the garbage collector's habits.
    private const long LargestHeap = 48 * 1024 * 1024;

    private static readonly MqttBrokerOptions Options = new()
    {
        MaxPacketBytes = 16 * 1024,
        MaxConnectBytes = 8 * 1024,
        MaxSessions = 64,
        MaxInFlight = 8,
        ReceiveMaximum = 16,
        TopicAliasMaximum = 8,
        MaxQueuedMessages = 100,
        MaxQueuedBytes = 64 * 1024,
        MaxTotalQueuedBytes = 1024 * 1024,
        MaxRetainedMessages = 200,
        MaxRetainedBytes = 256 * 1024,
        MaxSubscriptionsPerSession = 50,
        MaxPendingOutputBytes = 64 * 1024,
        MaxSessionExpirySeconds = 600,
    };

    private static readonly PacketLimits Limits = new()
    {
        MaxPacketBytes = Options.MaxPacketBytes,
        MaxConnectBytes = Options.MaxConnectBytes,
        MaxTopicLevels = Options.MaxTopicLevels,
        TopicAliasMaximum = (ushort)Options.TopicAliasMaximum,
    };

    private static readonly Dictionary<MqttVersion, Seed[]> Connects = ByVersion(packet => packet.Type == PacketType.Connect);
    private static readonly Dictionary<MqttVersion, Seed[]> Others = ByVersion(packet => packet.Type is not (PacketType.Connect or PacketType.Disconnect or PacketType.Auth));
    private static readonly Dictionary<MqttVersion, Seed[]> Everything = ByVersion(_ => true);
    private static readonly OpenProfile Profile = new(AnonymousAccess.Allowed);

    private readonly FaultLog _log = new();
    private readonly ManualClock _clock = new();
    private long _connections;
    private long _received;
    private long _messages;
    private long _largestHeap;
    private long _heapBefore;

    public async Task<FuzzReport> RunAsync()
    {
        _heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        TaskScheduler.UnobservedTaskException += Remember;
        try
        {
            var broker = new MqttBroker(Options, store, _clock, _log);
            await using (broker)
            {
                await broker.StartAsync(CancellationToken.None);
                var healthy = new HealthyClient(broker, Profile, Limits);
                await using (healthy)
                {
                    await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunSharesAsync(broker, healthy)));
                    await healthy.CheckAsync();
                }

                CheckHeap();
            }

            if (_log.Fault is { } fault) throw new Finding($"--seed {seed}: the broker logged an error: {fault}");
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Remember;
        }

        return new FuzzReport(
            store.IsDurable ? "broker with a store" : "broker", seed, limit.Done, limit.Elapsed,
            $"{_connections:N0} connections, {_received:N0} packets came back, {_messages:N0} of them messages, heap up to {_largestHeap / 1_000_000.0:0.0} MB");

        void Remember(object? sender, UnobservedTaskExceptionEventArgs e) => _log.Remember($"nobody observed {e.Exception}");
    }

    public void Dispose() => _log.Dispose();

    private static Dictionary<MqttVersion, Seed[]> ByVersion(Func<Seed, bool> condition) =>
        Corpus.All.Where(packet => packet.Direction == PacketDirection.ToServer && condition(packet)).GroupBy(packet => packet.Version).ToDictionary(group => group.Key, group => group.ToArray());

    private async Task RunSharesAsync(MqttBroker broker, HealthyClient healthy)
    {
        await Task.Yield();
        for (var share = limit.NextShare(); share >= 0; share = limit.NextShare())
        {
            var connection = new Connection(FuzzLimit.RandomFor(seed, share));
            var fed = await connection.RunAsync(broker, $"--seed {seed}, connection {share}");
            limit.Count(fed);
            Interlocked.Increment(ref _connections);
            Interlocked.Add(ref _received, connection.Received);
            Interlocked.Add(ref _messages, connection.Messages);
            if (share % 8 == 0) _clock.Advance(TimeSpan.FromMilliseconds(share % 3000));
            if (_log.Fault is { } fault) throw new Finding($"--seed {seed}, near connection {share}: the broker logged an error: {fault}");
            if (share % SharesPerCheckUp != 0) continue;

            await healthy.CheckAsync();
            CheckHeap();
        }
    }

    private void CheckHeap()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true) - _heapBefore;
        for (var known = Volatile.Read(ref _largestHeap); heap > known; known = Volatile.Read(ref _largestHeap)) Interlocked.CompareExchange(ref _largestHeap, heap, known);
        if (heap > LargestHeap) throw new Finding($"--seed {seed}: {heap:N0} bytes are held, {LargestHeap:N0} are allowed");
    }

    /// <summary>One connection: a CONNECT that is mostly good, then packets that are mostly not, in bursts.</summary>
    private sealed class Connection(Random random)
    {
        private readonly Mutator _mutator = new(random);
        private readonly byte[] _buffer = new byte[Mutator.LargestPacket];
        private readonly List<byte[]> _sent = [];

        public long Received { get; private set; }

        public long Messages { get; private set; }

        public async Task<int> RunAsync(MqttBroker broker, string name)
        {
            var version = (MqttVersion)random.Next(3, 6);
            using var peer = new Peer(Limits, random);
            peer.Served = broker.ServeAsync(peer, new MqttPeer(MqttTransport.Memory, null), Profile, CancellationToken.None);
            try
            {
                Send(peer, Make(Connects[version], mutationsInTen: 1));
                var fed = 1;
                for (; fed < PacketsPerShare && !peer.HasEnded; fed++)
                {
                    Send(peer, Make(random.Next(20) == 0 ? Everything[version] : Others[version], mutationsInTen: 3));
                    if (random.Next(4) == 0) await Task.Yield();
                }

                var canAnswer = peer.HasEnded || peer.TryEndPacket(Options.MaxPacketBytes);
                if (canAnswer && !await peer.IsAnsweredAsync()) throw new Finding("it neither answered nor closed");
                if (random.Next(2) == 0) Send(peer, [0xE0, 0]);
                if (!await peer.BreakAsync()) throw new Finding("it did not notice the end of the connection");

                (Received, Messages) = (peer.Received, peer.Messages);
                return fed;
            }
            catch (Exception thrown)
            {
                throw new Finding($"{name}: {thrown.Message}; sent were {string.Join(' ', _sent.Select(Convert.ToHexString))}", thrown);
            }
        }

        private byte[] Make(Seed[] seeds, int mutationsInTen)
        {
            var packet = seeds[random.Next(seeds.Length)];
            var length = random.Next(10) < mutationsInTen ? _mutator.Mutate(packet, seeds, _buffer) : Mutator.Copy(packet, _buffer);
            return _buffer[..length];
        }

        private void Send(Peer peer, byte[] bytes)
        {
            _sent.Add(bytes);
            peer.Send(bytes);
        }
    }
}
