using System.Buffers;
using System.IO.Pipelines;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Fuzz.Brokers;

/// <summary>
/// The other end of a connection: sends bytes, and reads everything the broker says with a client's strict reader, for the broker's own packets must be legal
/// whatever it was sent. It acknowledges messages now and then.
/// </summary>
internal sealed class Peer : IDuplexPipe, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Without a threshold writing never waits: a peer that waits to write while the broker waits for it to read would be the peer's own fault.
    private readonly Pipe _toBroker = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Pipe _fromBroker = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Lock _sending = new();
    private readonly Framing _framing = new();
    private readonly List<byte> _beginning = [];
    private readonly PacketReader _version; // Reads what is sent until CONNECT is complete, to know in which version the answers come.
    private readonly SemaphoreSlim _pingresps = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Random _random;
    private bool _isVersionKnown;
    private bool _isBroken;

    public Peer(PacketLimits limits, Random random)
    {
        _random = new Random(random.Next());
        _version = new PacketReader(PacketDirection.ToServer, limits);
        Reading = ReadAsync();
    }

    PipeReader IDuplexPipe.Input => _toBroker.Reader;

    PipeWriter IDuplexPipe.Output => _fromBroker.Writer;

    /// <summary>Ends when the broker has closed; fails when it said what no server may say.</summary>
    public Task Reading { get; }

    /// <summary>The broker's work for this connection.</summary>
    public Task Served { get; set; } = Task.CompletedTask;

    public long Received { get; private set; }

    public long Messages { get; private set; }

    public bool HasEnded => _ended.Task.IsCompleted;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (_sending)
        {
            _framing.Sent(bytes);
            FollowVersion(bytes);
            _toBroker.Writer.Write(bytes);
            var flush = _toBroker.Writer.FlushAsync();
            if (!flush.IsCompletedSuccessfully) throw new InvalidOperationException("A pipe without a threshold has waited.");
        }
    }

    /// <summary>Ends the packet that is being sent, if it has said how long it is.</summary>
    /// <returns>False when it cannot be ended.</returns>
    public bool TryEndPacket(int atMost)
    {
        if (_framing.Missing is not { } missing || missing > atMost) return false;
        if (missing > 0) Send(new byte[missing]);
        return true;
    }

    /// <summary>The broker answers a PINGREQ or closes the connection.</summary>
    /// <returns>False when it does neither.</returns>
    public async Task<bool> IsAnsweredAsync()
    {
        Send([0xC0, 0]);
        using var patience = new CancellationTokenSource(Patience);
        var answer = _pingresps.WaitAsync(patience.Token);
        await Task.WhenAny(answer, _ended.Task);
        return answer.IsCompletedSuccessfully || HasEnded;
    }

    /// <summary>The connection breaks.</summary>
    /// <returns>False when the broker does not notice.</returns>
    public async Task<bool> BreakAsync()
    {
        Cut();
        var all = Task.WhenAll(Served, Reading);
        try
        {
            await all.WaitAsync(Patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _version.Dispose();
        _pingresps.Dispose();
    }

    private void Cut()
    {
        lock (_sending)
        {
            _isBroken = true;
            _toBroker.Writer.Complete();
        }
    }

    private void FollowVersion(ReadOnlySpan<byte> bytes)
    {
        if (_isVersionKnown) return;

        _beginning.AddRange(bytes);
        _isVersionKnown = _version.TryRead(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_beginning), out _, out _) != OperationStatus.NeedMoreData;
    }

    private async Task ReadAsync()
    {
        PacketReader? reader = null;
        try
        {
            while (true)
            {
                var read = await _fromBroker.Reader.ReadAsync();
                var rest = read.Buffer;
                if (!rest.IsEmpty) reader ??= ReaderOfAnswers(rest);
                var answers = reader is null ? [] : Take(reader, ref rest);
                if (read.IsCompleted && !rest.IsEmpty) throw new Finding($"the broker ended in the middle of a packet: {Convert.ToHexString(rest.ToArray())}");

                _fromBroker.Reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted) return;

                foreach (var answer in answers) Answer(answer);
            }
        }
        finally
        {
            reader?.Dispose();
            await _fromBroker.Reader.CompleteAsync();
            _ended.TrySetResult();
        }
    }

    private PacketReader ReaderOfAnswers(ReadOnlySequence<byte> said)
    {
        if (_version.Version == MqttVersion.Unknown) throw new Finding($"no answer is due to {Convert.ToHexString([.. _beginning])}, this came: {Convert.ToHexString(said.ToArray())}");
        return new PacketReader(PacketDirection.ToClient, PacketLimits.Default with { TopicAliasMaximum = ushort.MaxValue }, _version.Version);
    }

    /// <summary>Looks at what came, and sometimes acknowledges it.</summary>
    private List<byte[]> Take(PacketReader reader, ref ReadOnlySequence<byte> rest)
    {
        var answers = new List<byte[]>();
        while (true)
        {
            var status = reader.TryRead(ref rest, out var packet);
            if (status == OperationStatus.InvalidData) throw new Finding($"the broker said {Convert.ToHexString(rest.ToArray())}: {reader.Fault}");
            if (status != OperationStatus.Done) return answers;

            if (Received++ == 0 && packet.Type != PacketType.Connack) throw new Finding($"the broker's first packet was {packet.Type} [MQTT-3.2.0-1]");
            if (packet.Type == PacketType.Pingresp) _pingresps.Release();
            if (packet.Type == PacketType.Publish) Messages++;
            if (AnswerTo(packet) is { } answer && _random.Next(3) != 0) answers.Add(answer);
        }
    }

    private static byte[]? AnswerTo(in PacketView packet)
    {
        var (type, identifier) = packet.Type switch
        {
            PacketType.Publish when packet.Publish.QualityOfService == QualityOfService.AtLeastOnce => (0x40, packet.Publish.PacketIdentifier),
            PacketType.Publish when packet.Publish.QualityOfService == QualityOfService.ExactlyOnce => (0x50, packet.Publish.PacketIdentifier),
            PacketType.Pubrel => (0x70, packet.Acknowledgement.PacketIdentifier),
            _ => default,
        };
        return type == 0 ? null : [(byte)type, 2, (byte)(identifier >> 8), (byte)identifier];
    }

    private void Answer(byte[] answer)
    {
        lock (_sending)
        {
            // In the middle of a packet it would be a part of that one.
            if (_framing.IsBetweenPackets && !_isBroken) Send(answer);
        }
    }
}
