using System.Buffers;
using System.IO.Pipelines;

namespace Kuzzle.Edge.Broker.Tests.Wire;

/// <summary>A client that speaks in bytes, over two pipes.</summary>
internal sealed class WireClient
{
    // Only a broken test waits for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Pipe _toBroker = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Pipe _fromBroker = new(new PipeOptions(useSynchronizationContext: false));

    public WireClient(int version)
    {
        Version = version;
        BrokerSide = new Duplex(_toBroker.Reader, _fromBroker.Writer);
    }

    public int Version { get; }

    public IDuplexPipe BrokerSide { get; }

    /// <summary>The broker's work for this connection.</summary>
    public Task Served { get; set; } = Task.CompletedTask;

    /// <summary>Whether anything has come that was not taken.</summary>
    public bool HasReceived
    {
        get
        {
            if (!_fromBroker.Reader.TryRead(out var read)) return false;

            _fromBroker.Reader.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
    }

    public async Task SendAsync(params byte[][] packets)
    {
        foreach (var packet in packets) _toBroker.Writer.Write(packet);
        await _toBroker.Writer.FlushAsync();
    }

    /// <summary>The Reason String of the packet that was received last, which is taken out of it; null when it had none.</summary>
    public string? Reason { get; private set; }

    /// <summary>The next packet, without its Reason String.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        var packet = await ReceiveRawAsync();
        if (Version != 5) return packet;

        (packet, Reason) = Explained.Of(packet);
        return packet;
    }

    /// <summary>The next packet, whole.</summary>
    public async Task<byte[]> ReceiveRawAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var read = await _fromBroker.Reader.ReadAsync(patience.Token);
            if (TryTake(read.Buffer, out var packet))
            {
                _fromBroker.Reader.AdvanceTo(read.Buffer.GetPosition(packet.Length));
                return packet;
            }

            _fromBroker.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) throw new EndOfStreamException("The broker has closed the connection.");
        }
    }

    /// <summary>The next packet, or nothing when the broker has closed.</summary>
    public async Task<byte[]> ReceiveAnyAsync()
    {
        try
        {
            return await ReceiveAsync();
        }
        catch (EndOfStreamException)
        {
            return [];
        }
    }

    public async Task<Received> ReceivePublishAsync() => Received.Parse(await ReceiveAsync(), Version);

    public async Task ExpectAsync(params byte[] packet) => Convert.ToHexString(await ReceiveAsync()).ShouldBe(Convert.ToHexString(packet));

    /// <summary>The broker has said everything it had to say, and that was nothing.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(Packet.Pingreq);
        await ExpectAsync(Packet.Pingresp);
    }

    /// <summary>Everything that comes until the broker closes.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var read = await _fromBroker.Reader.ReadAsync(patience.Token);
            _fromBroker.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (!read.IsCompleted) continue;

            var rest = read.Buffer.ToArray();
            await Served.WaitAsync(Patience);
            if (Version == 5) (rest, Reason) = Explained.OfAll(rest);
            return rest;
        }
    }

    /// <summary>The broker closes, after these last words.</summary>
    public async Task ExpectClosedAsync(params byte[] lastWords) =>
        Convert.ToHexString(await ReceiveToEndAsync()).ShouldBe(Convert.ToHexString(lastWords));

    /// <summary>The connection breaks, and the broker has noticed.</summary>
    public async Task BreakAsync()
    {
        await _toBroker.Writer.CompleteAsync();
        await _fromBroker.Reader.CompleteAsync();
        await Served.WaitAsync(Patience);
    }

    /// <summary>DISCONNECT, and the broker has dealt with it.</summary>
    public async Task LeaveAsync()
    {
        await SendAsync(Packet.Disconnect);
        await BreakAsync();
    }

    public async Task SubscribeAsync(string filter, int options = 0)
    {
        await SendAsync(Version == 5 ? Packet.Subscribe5(1, [], (filter, options)) : Packet.Subscribe(1, (filter, options)));
        var suback = await ReceiveAsync();
        suback[0].ShouldBe((byte)0x90);
        suback[^1].ShouldBeLessThan((byte)0x80);
    }

    private static bool TryTake(ReadOnlySequence<byte> buffer, out byte[] packet)
    {
        packet = [];
        var start = buffer.Slice(0, Math.Min(5, buffer.Length)).ToArray();
        var length = 0;
        for (var i = 1; i < start.Length; i++)
        {
            length |= (start[i] & 0x7F) << (7 * (i - 1));
            if (start[i] >= 0x80) continue;
            if (buffer.Length < 1 + i + length) return false;

            packet = buffer.Slice(0, 1 + i + length).ToArray();
            return true;
        }

        return false;
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
