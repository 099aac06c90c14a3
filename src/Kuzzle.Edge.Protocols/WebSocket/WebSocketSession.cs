using System.Net.WebSockets;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.Extensions.Logging;
using Socket = System.Net.WebSockets.WebSocket;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>One WebSocket connection: reads requests, starts them in their order, sends each answer when it is there.</summary>
internal sealed partial class WebSocketSession(Socket socket, ClientConnection connection, Entrance entrance, WebSocketLimits limits, ILogger logger)
    : IDisposable
{
    /// <summary>How long a peer may take over what is queued and over its close frame, before it is cut off.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    /// <summary>No keep-alive message is longer, so a longer message need not be looked at twice.</summary>
    private const int LongestPing = 32;

    private static readonly byte[] Pong = [.. "{\"p\":2}"u8];

    private readonly MessageReader _reader = new(socket, limits.MaxMessageBytes);
    private readonly InFlightGate _inFlight = new(limits.Options.MaxRequestsInFlight, Math.Max(limits.Options.MaxQueuedBytes, 4L * limits.MaxMessageBytes));
    private readonly MessageRate _rate = new(limits.Options.RateLimit, limits.Clock);
    private readonly CancellationTokenSource _ended = new();

    /// <summary>The way to this connection's client.</summary>
    public MessageSender Sender { get; } = new(socket, limits.Options.MaxQueuedBytes);

    /// <summary>Serves the connection to its end. Whatever becomes of the connection, this does not fail for it.</summary>
    /// <param name="abort">Cuts the connection off, releasing a write that the peer does not read.</param>
    public async Task RunAsync(Action abort)
    {
        var reading = ReadAsync();
        var writing = Sender.RunAsync();
        var both = Task.WhenAll(reading, writing);

        if (await Task.WhenAny(reading, writing, Sender.Overflow) == Sender.Overflow)
        {
            limits.SlowClients.Add(1);
            LogTooSlow(connection.Id, connection.RemoteAddress, limits.Options.MaxQueuedBytes);
        }
        else
        {
            Sender.Close(WebSocketCloseStatus.NormalClosure, "");
            await Task.WhenAny(both, Task.Delay(ClosingTime, limits.Clock));
        }

        if (!both.IsCompletedSuccessfully) abort();
        await _ended.CancelAsync();
        try
        {
            await both;
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            LogBroken(connection.Id, e);
        }

        await _inFlight.WhenEmptyAsync(CancellationToken.None);
    }

    /// <summary>Lets the requests that were read finish, unless the token is cancelled before, then closes.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _inFlight.WhenEmptyAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Sender.Close(WebSocketCloseStatus.EndpointUnavailable, "The gateway is shutting down");
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    private async Task ReadAsync()
    {
        while (true)
        {
            var message = await _reader.ReadAsync();
            switch (message.Kind)
            {
                case IncomingKind.Text:
                    await HandleAsync(message.Text);
                    continue;
                case IncomingKind.Close:
                    return;
                case IncomingKind.Binary:
                    Sender.Close(WebSocketCloseStatus.InvalidMessageType, "Requests are text messages");
                    break;
                case IncomingKind.TooLarge:
                    Sender.Close(WebSocketCloseStatus.MessageTooBig, $"A message is longer than {limits.MaxMessageBytes} bytes");
                    break;
            }

            await _reader.SkipToCloseAsync();
            return;
        }
    }

    private async ValueTask HandleAsync(byte[] text)
    {
        if (text.Length == 0) return;

        if (!_rate.Admits())
        {
            Send(entrance.Refuse(NetworkErrors.RateLimitExceeded(limits.Options.RateLimit), requestId: null));
            return;
        }

        if (text.Length <= LongestPing && IsPing(text))
        {
            Sender.Send(Pong);
            return;
        }

        await _inFlight.EnterAsync(text.Length);
        await limits.AllRequests.EnterAsync(text.Length);
        _ = AnswerAsync(text); // The gate counts it: the session does not end before it.
    }

    /// <summary>Starts the request before it returns; runs on while further ones are read.</summary>
    private async Task AnswerAsync(byte[] text)
    {
        try
        {
            // A refusal carries the id that the SDK waits for, where there is one; the real server's leaves it waiting.
            Send(entrance.TryParse(text, connection, out var request, out var reason)
                ? await entrance.ExecuteAsync(request, _ended.Token)
                : entrance.Refuse(NetworkErrors.UnusableWebSocketMessage(reason), Entrance.FindRequestId(text)));
        }
        finally
        {
            limits.AllRequests.Leave(text.Length);
            _inFlight.Leave(text.Length);
        }
    }

    private void Send(Answer answer) => Sender.Send(RoomJson.With(answer.Json.Span, answer.RequestId));

    /// <summary>The keep-alive of browsers, which cannot send a WebSocket's own pings: <c>{"p":1}</c> and nothing else.</summary>
    private static bool IsPing(byte[] text)
    {
        var reader = new Utf8JsonReader(text);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.ValueTextEquals("p"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) && value == 1
                && reader.Read() && reader.TokenType == JsonTokenType.EndObject
                && !reader.Read();
        }
        catch (JsonException)
        {
            return false; // It will be answered as any unusable message.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "WebSocket {Connection} from {Address} is cut off: it reads too slowly, more than {Bytes} bytes were waiting for it.")]
    private partial void LogTooSlow(string connection, string? address, int bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "WebSocket {Connection} broke.")]
    private partial void LogBroken(string connection, Exception exception);
}
