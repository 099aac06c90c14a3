using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>One WebSocket to a Kuzzle. Several requests may be under way; what is no answer to one of them is a notification.</summary>
internal sealed class KuzzleSocket : IUpstreamConnection
{
    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _request = new();
    private readonly ArrayBufferWriter<byte> _answer = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource<UpstreamAnswer>> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly LinkTraffic _traffic;
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<JsonElement> _notify;
    private Task _receiving = Task.CompletedTask;
    private LinkBrokenException? _broken;
    private long _requests;
    private long _receivedBytes;

    private KuzzleSocket(UpstreamOptions options, Action<JsonElement> notify, LinkTraffic traffic, TimeProvider clock)
    {
        _options = options;
        _notify = notify;
        _traffic = traffic;
        _clock = clock;
    }

    /// <inheritdoc/>
    public string Transport => "websocket";

    /// <summary>Connects.</summary>
    /// <param name="options">Where to: its address is ws or wss.</param>
    /// <param name="door">Opens the connection; belongs to the caller.</param>
    /// <param name="notify">Told each message that is no answer, on the thread that reads: it must be quick.</param>
    /// <param name="traffic">Counts.</param>
    /// <param name="clock">Measures how long an answer may take.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Null when there is an HTTP server that does not speak WebSocket, or something on the way that does not let it through.</returns>
    /// <exception cref="LinkBrokenException">There is nobody, or nobody who can be trusted.</exception>
    public static async Task<KuzzleSocket?> ConnectAsync(
        UpstreamOptions options, UpstreamDoor door, Action<JsonElement> notify, LinkTraffic traffic, TimeProvider clock, CancellationToken cancellationToken)
    {
        var socket = new KuzzleSocket(options, notify, traffic, clock);
        try
        {
            using var limit = new CancellationTokenSource(options.RequestTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            socket._socket.Options.CollectHttpResponseDetails = true;
            if (options.Compression) socket._socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
            if (door.Host is { } host) socket._socket.Options.SetRequestHeader("Host", host);
            await socket._socket.ConnectAsync(options.Url, door.Handler, either.Token);
            socket._receiving = socket.ReceiveAsync();
            return socket;
        }
        catch (WebSocketException) when (IsRefusal((int)socket._socket.HttpStatusCode))
        {
            await socket.DisposeAsync();
            return null;
        }
        catch (Exception failure) when (failure is WebSocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await socket.DisposeAsync();
            throw new LinkBrokenException(
                failure is OperationCanceledException ? $"{options.Url} did not answer within {options.RequestTimeout.TotalSeconds:0} s." : door.Explain(failure), failure);
        }
        catch
        {
            await socket.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<UpstreamAnswer> AskAsync(Action<Utf8JsonWriter> writeMembers, TimeSpan timeToSend, CancellationToken cancellationToken)
    {
        var requestId = $"edge-{Interlocked.Increment(ref _requests)}";
        var answer = new TaskCompletionSource<UpstreamAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_broken is { } broken) throw new LinkBrokenException(broken.Message, broken);
            _waiting.Add(requestId, answer);
        }

        var timeout = _options.RequestTimeout + timeToSend;
        try
        {
            var began = _clock.GetTimestamp();
            var before = Interlocked.Read(ref _receivedBytes);
            using (var limit = new CancellationTokenSource(timeout, _clock))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken))
            {
                await SendAsync(requestId, writeMembers, either.Token);
            }

            while (true)
            {
                var left = AnswerTime.Left(timeout, Interlocked.Read(ref _receivedBytes) - before, _clock.GetElapsedTime(began));
                if (left == TimeSpan.Zero) throw new TimeoutException();

                try
                {
                    return await answer.Task.WaitAsync(left, _clock, cancellationToken);
                }
                catch (TimeoutException)
                {
                    // Something may have come meanwhile, and be the beginning of it.
                }
            }
        }
        catch (Exception late) when (late is TimeoutException || (late is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new LinkBrokenException($"{_options.Url} did not answer within {_options.RequestTimeout.TotalSeconds:0} s.", late);
        }
        catch (Exception broken) when (broken is WebSocketException or InvalidOperationException)
        {
            throw new LinkBrokenException($"The connection to {_options.Url} broke: {broken.GetBaseException().Message}", broken);
        }
        finally
        {
            lock (_lock) _waiting.Remove(requestId);
        }
    }

    /// <summary>Says goodbye when the peer still listens, within a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
            }
            catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
            {
                // The peer went first; there is nobody to say goodbye to.
            }
        }

        await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    /// <summary>An answer that is not the switch to WebSocket, of somebody who knows of none; what is only away for a while (502 to 504) is not that.</summary>
    private static bool IsRefusal(int status) => status is >= 200 and < 500 or 501 or 505;

    private async Task SendAsync(string requestId, Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            _request.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(_request))
            {
                writer.WriteStartObject();
                writer.WriteString("requestId", requestId);
                writeMembers(writer);
                writer.WriteEndObject();
            }

            _traffic.Sent(_request.WrittenCount);
            await _socket.SendAsync(_request.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true) Dispatch(await ReceiveMessageAsync(_closing.Token));
        }
        catch (Exception broken)
        {
            // Whatever it is: nobody may wait for answers that nobody reads any more.
            TaskCompletionSource<UpstreamAnswer>[] waiting;
            lock (_lock)
            {
                _broken = new LinkBrokenException($"The connection to {_options.Url} broke: {broken.GetBaseException().Message}", broken);
                waiting = [.. _waiting.Values];
            }

            foreach (var answer in waiting) answer.TrySetException(_broken);
            if (broken is not (WebSocketException or JsonException or InvalidOperationException or OperationCanceledException)) throw; // to whoever closes the connection
        }
    }

    private void Dispatch(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) return;

        TaskCompletionSource<UpstreamAnswer>? answer = null;
        if (message.TryGetProperty("requestId", out var id) && id.ValueKind == JsonValueKind.String && IsInRoomOf(message, id))
        {
            lock (_lock) _waiting.TryGetValue(id.GetString()!, out answer);
        }

        if (answer is null) _notify(message);
        else answer.TrySetResult(UpstreamAnswer.Read(message));
    }

    // An answer's room is its request. A notification carries the requestId of whoever caused it, perhaps of another link that counts as this one does, but its room is a channel.
    private static bool IsInRoomOf(JsonElement message, JsonElement id) =>
        !message.TryGetProperty("room", out var room) || (room.ValueKind == JsonValueKind.String && room.ValueEquals(id.GetString()));

    private async Task<JsonElement> ReceiveMessageAsync(CancellationToken cancellationToken)
    {
        _answer.ResetWrittenCount();
        while (true)
        {
            var received = await _socket.ReceiveAsync(_answer.GetMemory(16 * 1024), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, $"The upstream closed it: {_socket.CloseStatusDescription ?? $"{_socket.CloseStatus}"}.");
            }

            _answer.Advance(received.Count);
            Interlocked.Add(ref _receivedBytes, received.Count);
            _traffic.Received(received.Count);
            if (_answer.WrittenCount > UpstreamAnswer.MaxBytes) throw new WebSocketException(WebSocketError.Faulted, $"The answer exceeds {UpstreamAnswer.MaxBytes} bytes.");

            // The buffer is reused by the next answer: the document must not keep it.
            if (received.EndOfMessage) return UpstreamAnswer.Parse(_answer.WrittenSpan);
        }
    }
}
