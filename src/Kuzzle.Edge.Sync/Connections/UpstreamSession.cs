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

    private readonly IUpstreamConnection _connection;
    private readonly SocketsHttpHandler _sockets;
    private readonly HttpMessageInvoker _handler;
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly string _linkId;
    private string? _token;
    private DateTimeOffset _renewAt = DateTimeOffset.MaxValue;

    private UpstreamSession(IUpstreamConnection connection, SocketsHttpHandler sockets, HttpMessageInvoker handler, UpstreamOptions options, string linkId, TimeProvider clock)
    {
        _linkId = linkId;
        _connection = connection;
        _sockets = sockets;
        _handler = handler;
        _options = options;
        _clock = clock;
        _token = options.Auth?.ApiKey?.Read();
    }

    /// <inheritdoc cref="IUpstreamConnection.Transport"/>
    public string Transport => _connection.Transport;

    /// <summary>Connects, by WebSocket if that can be, and logs in.</summary>
    /// <exception cref="LinkBrokenException">It is not to be reached, not to be trusted, or does not let us in.</exception>
    public static async Task<UpstreamSession> OpenAsync(
        UpstreamOptions options, string linkId, Action<JsonElement> notify, TimeProvider clock, CancellationToken cancellationToken)
    {
        var sockets = new SocketsHttpHandler { SslOptions = options.Tls.Load(), ConnectTimeout = options.RequestTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        var handler = new HttpMessageInvoker(sockets, disposeHandler: true);
        IUpstreamConnection? connection = null;
        try
        {
            if (options.Url.Scheme is "ws" or "wss") connection = await KuzzleSocket.ConnectAsync(options, options.Url, handler, notify, clock, cancellationToken);
            connection ??= new KuzzleHttp(options, HttpAddressOf(options.Url), handler, clock);
            var session = new UpstreamSession(connection, sockets, handler, options, linkId, clock);
            if (options.Auth?.UserName is not null) await session.LogInAsync(cancellationToken);
            return session;
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            handler.Dispose();
            throw;
        }
    }

    /// <summary>Asks, with a token that holds.</summary>
    /// <param name="writeMembers">Writes the members of the request but for requestId and jwt.</param>
    /// <param name="cancellationToken">Ends the wait; the upstream may carry the request out nevertheless.</param>
    public async Task<UpstreamAnswer> AskAsync(Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken)
    {
        if (_clock.GetUtcNow() >= _renewAt) await RenewAsync(cancellationToken);
        return await AskWithTokenAsync(writeMembers, cancellationToken);
    }

    /// <summary>Whether it tells of changes.</summary>
    public bool Notifies => _connection is KuzzleSocket;

    /// <summary>The documents that are there, by identifier; null when their collection is not.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>?> GetManyAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
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
        if (answer.ErrorId is "services.storage.unknown_index" or "services.storage.unknown_collection") return null;
        if (!answer.IsSuccess) throw new LinkBrokenException($"{_options.Url} does not show documents of {collection}: {answer.Complaint}");

        var documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (id, source) in answer.Documents("successes")) documents[id] = source;
        return documents;
    }

    /// <summary>The names of all indexes, or of the stored collections of one.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string? index, CancellationToken cancellationToken)
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
        if (!answer.IsSuccess) throw new LinkBrokenException($"{_options.Url} does not show what it holds: {answer.Complaint}");
        if (!answer.Result.TryGetProperty(index is null ? "indexes" : "collections", out var list) || list.ValueKind != JsonValueKind.Array) return [];

        var names = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            var name = index is null || item.ValueKind != JsonValueKind.Object ? item : item.GetProperty("name");
            if (name.ValueKind == JsonValueKind.String) names.Add(name.GetString()!);
        }

        return names;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _handler.Dispose();
        _sockets.Dispose();
        _renewing.Dispose();
    }

    private static Uri HttpAddressOf(Uri url) => new UriBuilder(url) { Scheme = url.Scheme is "wss" or "https" ? "https" : "http", Port = url.Port }.Uri;

    private Task<UpstreamAnswer> AskWithTokenAsync(Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken) => _connection.AskAsync(
        request =>
        {
            if (_token is { } token) request.WriteString("jwt", token);
            request.WriteStartObject("volatile");
            request.WriteString(LinkMember, _linkId);
            request.WriteEndObject();
            writeMembers(request);
        },
        cancellationToken);

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_clock.GetUtcNow() < _renewAt) return; // Another request has done it.

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
        if (_options.Auth is not { UserName: { } user } auth) throw new LinkBrokenException($"{_options.Url} does not accept the API key any more.");

        _token = null;
        var password = auth.Password?.Read();
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
        var now = _clock.GetUtcNow();
        var left = answer.Result.TryGetProperty("expiresAt", out var expires) && expires.TryGetInt64(out var end) && end > 0
            ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(end, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())) - now
            : TimeSpan.MaxValue;
        _renewAt = left == TimeSpan.MaxValue ? DateTimeOffset.MaxValue : now + TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, left.Ticks - (left.Ticks / RenewedAtFractionOfLife)));
    }
}
