using System.Net;
using System.Net.Sockets;

namespace Kuzzle.Edge.Sync.Tests.Chaos;

/// <summary>A line between two programs that does what lines do: it is cut, resets in the middle of an answer, falls silent, or takes its time. What it does follows from the seed.</summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly List<Task> _connections = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isCalm;

    public ChaosProxy(int target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    private enum Fate
    {
        Cut,
        Reset,
        Silence,
        Delay,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections have met their fate.</summary>
    public int Broken { get; private set; }

    /// <summary>From now on connections are left alone; those with a fate before them meet it.</summary>
    public void CalmDown() => _isCalm = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var (fate, bytes) = _isCalm ? (Fate.Delay, long.MaxValue) : Draw();
            var left = new StrongBox(bytes);
            try
            {
                await upstream.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), end.Token);
                var pumps = new[] { PumpAsync(client, upstream, fate, left, end), PumpAsync(upstream, client, fate, left, end) };
                await Task.WhenAll(pumps);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // One of the sides is gone, or the test is.
            }
        }
    }

    private (Fate, long) Draw()
    {
        lock (_lock) return ((Fate)_random.Next(4), _random.Next(100, 12_000));
    }

    /// <summary>Ends with the connection.</summary>
    private async Task PumpAsync(Socket from, Socket to, Fate fate, StrongBox left, CancellationTokenSource end)
    {
        var buffer = new byte[1024];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer, end.Token);
                if (count == 0) break;

                var rest = Interlocked.Add(ref left.Value, -count);
                if (rest > 0)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), end.Token);
                    continue;
                }

                if (rest + count > 0) lock (_lock) Broken++;
                if (fate == Fate.Delay)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), end.Token);
                    await to.SendAsync(buffer.AsMemory(0, count), end.Token);
                    continue;
                }

                // The beginning of what was to be said, and then nothing.
                await to.SendAsync(buffer.AsMemory(0, count / 2), end.Token);
                if (fate == Fate.Silence) await Task.Delay(Timeout.InfiniteTimeSpan, end.Token);
                if (fate == Fate.Reset) to.LingerState = new LingerOption(enable: true, seconds: 0);
                break;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // One of the sides is gone, or the test is.
        }

        await end.CancelAsync();
        from.Close();
        to.Close();
    }

    private sealed class StrongBox(long value)
    {
        public long Value = value;
    }
}
