using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kuzzle.Edge.Sync.Tests.Connections;

/// <summary>The line to an upstream, and what may stand in it: silence, or a proxy that knows nothing of WebSockets.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isSilent;
    private volatile int _webSocketStatus;

    public Line(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whatever comes is swallowed, and nobody is told: what a router does that has forgotten a connection.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    /// <summary>What a request for a WebSocket is answered by the proxy; 0 when it lets them through.</summary>
    public int WebSocketStatus
    {
        get => _webSocketStatus;
        set => _webSocketStatus = value;
    }

    /// <summary>What clients sent, as far as it is text.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

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
            while (true) _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var target = new Socket(SocketType.Stream, ProtocolType.Tcp))
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                await target.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), end.Token);
                await Task.WhenAny(PumpAsync(client, target, isFromClient: true, end.Token), PumpAsync(target, client, isFromClient: false, end.Token));
                await end.CancelAsync();
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // One of the sides is gone, or the test is.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isFromClient, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
            {
                if (_isSilent) continue;

                if (isFromClient)
                {
                    var text = Encoding.Latin1.GetString(buffer, 0, count);
                    Sent.Enqueue(text);
                    if (_webSocketStatus != 0 && text.Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase))
                    {
                        await from.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_webSocketStatus} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancellationToken);
                        return;
                    }
                }

                await to.SendAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // One of the sides is gone, or the test is.
        }
    }
}
