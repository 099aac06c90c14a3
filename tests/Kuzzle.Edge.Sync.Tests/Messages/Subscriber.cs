using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Kuzzle.Edge.Sync.Tests.Messages;

/// <summary>A client that hears what is published in a collection.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<JsonElement> _heard = Channel.CreateUnbounded<JsonElement>();
    private Task _reading = Task.CompletedTask;

    public static async Task<Subscriber> ToAsync(TestGateway gateway, string index, string collection)
    {
        var subscriber = new Subscriber();
        await subscriber._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Port}"), CancellationToken.None);
        var request = $$$"""{"controller":"realtime","action":"subscribe","index":"{{{index}}}","collection":"{{{collection}}}","body":{}}""";
        await subscriber._socket.SendAsync(Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        (await subscriber.ReceiveAsync(CancellationToken.None)).GetProperty("status").GetInt32().ShouldBe(200);
        subscriber._reading = subscriber.ReadAsync();
        return subscriber;
    }

    /// <summary>The next message.</summary>
    public async Task<JsonElement> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _heard.Reader.ReadAsync(limit.Token);
    }

    /// <summary>What came that nobody has looked at.</summary>
    public IReadOnlyList<JsonElement> Rest()
    {
        var rest = new List<JsonElement>();
        while (_heard.Reader.TryRead(out var message)) rest.Add(message);
        return rest;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true) await _heard.Writer.WriteAsync(await ReceiveAsync(_stop.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException)
        {
            // The test or the gateway has ended.
        }
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            await message.WriteAsync(buffer.AsMemory(0, received.Count), cancellationToken);
            if (received.EndOfMessage) return JsonElement.Parse(message.ToArray());
        }
    }
}
