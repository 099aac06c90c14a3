using System.Net;
using System.Net.Sockets;

namespace Kuzzle.Edge.Testing.Lines;

/// <summary>A line between two programs that does what lines do, each connection by its <see cref="Fate"/>. What happens, and when, follows from the seed.</summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private static readonly TimeSpan Trickling = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly List<Task> _connections = [];
    private readonly Dictionary<Fate, int> _met = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isCalm;

    /// <param name="target">The port behind the line.</param>
    /// <param name="seed">What decides the fates.</param>
    public ChaosProxy(int target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections have met their fate, by what it was.</summary>
    public IReadOnlyDictionary<Fate, int> Met
    {
        get
        {
            lock (_lock) return new Dictionary<Fate, int>(_met);
        }
    }

    /// <summary>From now on new connections are left alone; those with a fate before them meet it.</summary>
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
            var course = Draw();
            try
            {
                await upstream.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), end.Token);
                await Task.WhenAll(PumpAsync(client, upstream, course, isRequest: true, end), PumpAsync(upstream, client, course, isRequest: false, end));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // One of the sides is gone, or the test is.
            }
        }
    }

    private Course Draw()
    {
        if (_isCalm) return new Course(Fate.None, long.MaxValue);

        lock (_lock) return new Course((Fate)_random.Next(1, 1 + (int)Fate.Ghost), _random.Next(100, 12_000));
    }

    /// <summary>Ends with the connection.</summary>
    private async Task PumpAsync(Socket from, Socket to, Course course, bool isRequest, CancellationTokenSource end)
    {
        var buffer = new byte[1024];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer, end.Token);
                if (count == 0) break;

                var said = buffer.AsMemory(0, count);
                var rest = Interlocked.Add(ref course.Left, -count);
                if (rest > 0)
                {
                    await to.SendAsync(said, end.Token);
                    continue;
                }

                if (rest + count > 0) Meet(course.Fate);
                if (!await BefallAsync(from, to, said, course.Fate, isRequest, end.Token)) break;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the sides is gone, or the test is.
        }

        await end.CancelAsync();
        from.Close();
        to.Close();
    }

    /// <summary>What becomes of what is said from the moment of its fate on; false at the end of the connection.</summary>
    private static async Task<bool> BefallAsync(Socket from, Socket to, ReadOnlyMemory<byte> said, Fate fate, bool isRequest, CancellationToken end)
    {
        switch (fate)
        {
            case Fate.Delay:
                await Task.Delay(TimeSpan.FromMilliseconds(20), end);
                await to.SendAsync(said, end);
                return true;
            case Fate.Trickle:
                for (var i = 0; i < said.Length; i++)
                {
                    await Task.Delay(Trickling, end);
                    await to.SendAsync(said.Slice(i, 1), end);
                }

                return true;
            case Fate.Silence:
                // The beginning of what was to be said, and then nothing.
                await to.SendAsync(said[..(said.Length / 2)], end);
                await Task.Delay(Timeout.InfiniteTimeSpan, end);
                return false;
            case Fate.Reset:
                await to.SendAsync(said[..(said.Length / 2)], end);
                to.LingerState = new LingerOption(enable: true, seconds: 0);
                return false;
            case Fate.Ghost when isRequest:
                await HauntAsync(from, to, said, end);
                return false;
            case Fate.Ghost:
                return true; // What is answered to it is lost; the other direction ends the connection.
            default:
                await to.SendAsync(said[..(said.Length / 2)], end);
                return false;
        }
    }

    /// <summary>Who spoke is cut off, and what was said arrives when a newer connection has said more.</summary>
    private static async Task HauntAsync(Socket from, Socket to, ReadOnlyMemory<byte> said, CancellationToken end)
    {
        using var late = new MemoryStream();
        await late.WriteAsync(said, end);
        var buffer = new byte[1024];
        while (from.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectRead))
        {
            var count = await from.ReceiveAsync(buffer, end);
            if (count == 0) break;
            await late.WriteAsync(buffer.AsMemory(0, count), end);
        }

        from.Close(timeout: 0);
        await Task.Delay(TimeSpan.FromMilliseconds(1500), end);
        await to.SendAsync(late.ToArray(), end);
        await Task.Delay(TimeSpan.FromMilliseconds(300), end);
    }

    private void Meet(Fate fate)
    {
        lock (_lock) _met[fate] = _met.GetValueOrDefault(fate) + 1;
    }

    private sealed class Course(Fate fate, long left)
    {
        public long Left = left;

        public Fate Fate => fate;
    }
}
