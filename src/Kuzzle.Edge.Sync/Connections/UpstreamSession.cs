using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>A connection with somebody's rights: each request carries the token, which is renewed before it ends.</summary>
internal sealed class UpstreamSession : IAsyncDisposable
{
    /// <summary>By this member of <c>volatile</c>, notifications of what this link has written are known.</summary>
    public const string LinkMember = "edgeLink";

    /// <summary>Of its life, this much may be left when it is renewed; more often than once a second would be a storm.</summary>
    private const int RenewedAtFractionOfLife = 5;

    private readonly UpstreamDoor _door;
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly string _linkId;
    private IUpstreamConnection? _connection;
    private string? _token;
    private volatile bool _hasTokenEnded;

    private UpstreamSession(UpstreamOptions options, UpstreamDoor door, string linkId, TimeProvider clock)
    {
        _linkId = linkId;
        _door = door;
        _options = options;
        _clock = clock;
    }

    /// <inheritdoc cref="IUpstreamConnection.Transport"/>
    public string Transport => _connection!.Transport;

    /// <summary>Whether the address is of a WebSocket, and something on the way let none through.</summary>
    public bool IsFallback => _options.Url.Scheme is "ws" or "wss" && _connection is not KuzzleSocket;

    /// <summary>When the login must be renewed by asking something; far away where it need not be.</summary>
    public DateTimeOffset RenewAt { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>When the API key ends; null when it does not, or is not known to.</summary>
    public DateTimeOffset? KeyEndsAt { get; private set; }

    /// <summary>Whether a notification is of something that a link has done itself.</summary>
    public static bool IsEcho(JsonElement notification, string linkId) => notification.TryGetProperty("volatile", out var metadata) && metadata.TextOf(LinkMember) == linkId;

    /// <summary>Connects, by WebSocket if that can be, and logs in.</summary>
    /// <exception cref="LinkBrokenException">It is not to be reached, not to be trusted, or does not let us in.</exception>
    public static async Task<UpstreamSession> OpenAsync(
        UpstreamOptions options, string linkId, Action<JsonElement> notify, LinkTraffic traffic, TimeProvider clock, CancellationToken cancellationToken)
    {
        var door = new UpstreamDoor(options, clock);
        var session = new UpstreamSession(options, door, linkId, clock);
        try
        {
            if (options.Url.Scheme is "ws" or "wss") session._connection = await KuzzleSocket.ConnectAsync(options, door, session.Hear(notify), traffic, clock, cancellationToken);
            session._connection ??= new KuzzleHttp(options, HttpAddressOf(options.Url), door, traffic, clock);
            if (options.Auth is { ApiKey: { } key }) await session.UseKeyAsync(key.Read(), cancellationToken);
            else if (options.Auth is not null) await session.LogInAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a WebSocket comes through now, where it did not when this session began.</summary>
    public async Task<bool> FindsWebSocketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var socket = await KuzzleSocket.ConnectAsync(_options, _door, static _ => { }, new LinkTraffic(), _clock, cancellationToken);
            return socket is not null;
        }
        catch (LinkBrokenException)
        {
            return false; // HTTP will tell whether the upstream is there at all.
        }
    }

    /// <summary>Asks, with a token that holds.</summary>
    /// <param name="writeMembers">Writes the members of the request but for requestId and jwt.</param>
    /// <param name="cancellationToken">Ends the wait; the upstream may carry the request out nevertheless.</param>
    /// <param name="writeVolatile">Writes members of <c>volatile</c>, too; null: none.</param>
    /// <param name="timeToSend">What sending it may take beyond the time that every answer has.</param>
    public async Task<UpstreamAnswer> AskAsync(
        Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken, Action<Utf8JsonWriter>? writeVolatile = null, TimeSpan timeToSend = default)
    {
        if (_clock.GetUtcNow() >= RenewAt) await RenewAsync(cancellationToken);
        if (_hasTokenEnded) throw new LinkBrokenException($"{_options.Url} has ended the link's login.");

        // With the login, subscriptions have ended too; a new connection makes all of it anew.
        var answer = await AskWithTokenAsync(writeMembers, cancellationToken, writeVolatile, timeToSend);
        return HasTokenFault(answer) ? throw new LinkBrokenException($"{_options.Url} does not accept the link's login any more: {answer.Complaint}") : answer;
    }

    /// <summary>Whether it tells of changes.</summary>
    public bool Notifies => _connection is KuzzleSocket;

    /// <summary>Asks for documents, which a link may have no right to.</summary>
    public Task<UpstreamAnswer> AskForManyAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken) => AskAsync(
        request =>
        {
            request.WriteString("controller", "document");
            request.WriteString("action", "mGet");
            request.WriteString("index", collection.Index);
            request.WriteString("collection", collection.Collection);
            request.WriteStartObject("body");
            request.WriteStartArray("ids");
            foreach (var id in ids) request.WriteStringValue(id);
            request.WriteEndArray();
            request.WriteEndObject();
        },
        cancellationToken);

    /// <summary>The names of all indexes, or of the stored collections of one; and why it does not tell, when it never will.</summary>
    public async Task<(IReadOnlyList<string> Names, string? Refusal)> NamesAsync(string? index, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            request =>
            {
                request.WriteString("controller", index is null ? "index" : "collection");
                request.WriteString("action", "list");
                if (index is null) return;

                request.WriteString("index", index);
                request.WriteString("type", "stored");
            },
            cancellationToken);
        if (answer.MayPassLater) throw new LinkBrokenException($"{_options.Url} does not show what it holds: {answer.Complaint}");
        if (!answer.IsSuccess) return ([], answer.Complaint);
        if (answer.Result.ValueKind != JsonValueKind.Object || !answer.Result.TryGetProperty(index is null ? "indexes" : "collections", out var list) || list.ValueKind != JsonValueKind.Array) return ([], null);

        var names = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            var name = index is null || item.ValueKind != JsonValueKind.Object ? item : item.GetProperty("name");
            if (name.ValueKind == JsonValueKind.String) names.Add(name.GetString()!);
        }

        return (names, null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _door.Dispose();
        _renewing.Dispose();
    }

    private static Uri HttpAddressOf(Uri url) => new UriBuilder(url) { Scheme = url.Scheme is "wss" or "https" ? "https" : "http", Port = url.Port }.Uri;

    /// <summary>With the token, subscriptions end, and the upstream says so at once.</summary>
    private Action<JsonElement> Hear(Action<JsonElement> notify) => message =>
    {
        if (message.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("TokenExpired")) _hasTokenEnded = true;
        notify(message);
    };

    private Task<UpstreamAnswer> AskWithTokenAsync(
        Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken, Action<Utf8JsonWriter>? writeVolatile = null, TimeSpan timeToSend = default) => _connection!.AskAsync(
        request =>
        {
            if (_token is { } token) request.WriteString("jwt", token);
            request.WriteStartObject("volatile");
            request.WriteString(LinkMember, _linkId);
            writeVolatile?.Invoke(request);
            request.WriteEndObject();
            writeMembers(request);
        },
        timeToSend,
        cancellationToken);

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_clock.GetUtcNow() < RenewAt) return; // Another request has done it.

            var answer = await AskWithTokenAsync(
                request =>
                {
                    request.WriteString("controller", "auth");
                    request.WriteString("action", "refreshToken");
                },
                cancellationToken);
            if (answer.IsSuccess) Take(answer);
            else await LogInAsync(cancellationToken); // It ended while we were away, or somebody revoked it.
        }
        finally
        {
            _renewing.Release();
        }
    }

    private async Task LogInAsync(CancellationToken cancellationToken)
    {
        var auth = _options.Auth!;
        var (user, password) = (auth.UserName, auth.Password?.Read());
        _token = null;
        var answer = await AskWithTokenAsync(
            request =>
            {
                request.WriteString("controller", "auth");
                request.WriteString("action", "login");
                request.WriteString("strategy", auth.Strategy);
                request.WriteStartObject("body");
                request.WriteString("username", user);
                request.WriteString("password", password);
                request.WriteEndObject();
            },
            cancellationToken);
        if (!answer.IsSuccess) throw new LinkBrokenException($"{_options.Url} does not let user {user} in: {answer.Complaint}");
        Take(answer);
    }

    private void Take(UpstreamAnswer answer)
    {
        if (answer.Result.ValueKind != JsonValueKind.Object || !answer.Result.TryGetProperty("jwt", out var jwt) || jwt.ValueKind != JsonValueKind.String)
        {
            throw new LinkBrokenException($"{_options.Url} answers a login without a token.");
        }

        _token = jwt.GetString();

        // By how long it lives, if that is told: the clocks need not agree.
        var now = _clock.GetUtcNow();
        var life = answer.Result.TryGetProperty("ttl", out var ttl) && ttl.ValueKind == JsonValueKind.Number && ttl.TryGetInt64(out var milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(36500).TotalMilliseconds))
            : EndOf(answer.Result) - now;
        RenewAt = life is { } left
            ? now + TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, left.Ticks - (left.Ticks / RenewedAtFractionOfLife)))
            : DateTimeOffset.MaxValue;
    }

    /// <summary>A key that has ended should be told as such, and not by the first document that is refused.</summary>
    private async Task UseKeyAsync(string key, CancellationToken cancellationToken)
    {
        _token = key;
        var answer = await AskWithTokenAsync(
            request =>
            {
                request.WriteString("controller", "auth");
                request.WriteString("action", "checkToken");
                request.WriteStartObject("body");
                request.WriteString("token", key);
                request.WriteEndObject();
            },
            cancellationToken);
        if (HasTokenFault(answer)) throw new LinkBrokenException($"{_options.Url} does not accept the API key: {answer.Complaint}");
        if (!answer.IsSuccess || answer.Result.ValueKind != JsonValueKind.Object) return; // It has no right to ask; the first request will tell.

        if (answer.Result.TryGetProperty("valid", out var valid) && valid.ValueKind == JsonValueKind.False)
        {
            throw new LinkBrokenException($"{_options.Url} does not accept the API key: {(answer.Result.TryGetProperty("state", out var state) ? state.ToString() : "it is not valid")}.");
        }

        KeyEndsAt = EndOf(answer.Result);
    }

    /// <summary>Apart from this, 401 is what a Kuzzle says to somebody anonymous who has no right to something.</summary>
    private static bool HasTokenFault(UpstreamAnswer answer) => answer.Status == 401 && answer.ErrorId?.StartsWith("security.token.", StringComparison.Ordinal) == true;

    /// <summary>Null for what never ends, which is -1 in a Kuzzle.</summary>
    private static DateTimeOffset? EndOf(JsonElement result) =>
        result.TryGetProperty("expiresAt", out var expires) && expires.ValueKind == JsonValueKind.Number && expires.TryGetInt64(out var end) && end > 0
            ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(end, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
            : null;
}
