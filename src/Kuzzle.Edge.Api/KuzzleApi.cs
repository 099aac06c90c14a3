using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Administration;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Catalogues;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Exports;
using Kuzzle.Edge.Api.Funnel;
using Kuzzle.Edge.Api.Imports;
using Kuzzle.Edge.Api.Memory;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Search;
using Kuzzle.Edge.Api.Security;
using Kuzzle.Edge.Api.Security.Rights;
using Kuzzle.Edge.Api.Security.Tokens;
using Kuzzle.Edge.Api.Server;
using Kuzzle.Edge.Api.Specifications;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Api;

/// <summary>
/// Kuzzle's API: the one funnel through which every request goes, whatever protocol it came by. All members may be called from any thread.
/// </summary>
public sealed partial class KuzzleApi : IReplica, IDisposable
{
    private readonly ApiOptions _options;
    private readonly ILogger _logger;
    private readonly RealtimeEngine _realtime;
    private readonly MemoryStorage _memory;
    private readonly MeterSnapshots _meters = new();
    private readonly RequestStatistics _statistics;
    private readonly RequestGate _gate;
    private readonly KuzzleSecurity _security;
    private readonly RightsGate _rights;
    private readonly ObservedDocumentStore _store;
    private readonly DocumentWriter _documents;
    private readonly TimeProvider _clock;
    private readonly ClientConnection _upstream = new("internal", remoteAddress: null);
    private readonly ClientConnection _internal = new("internal", remoteAddress: null);
    private FrozenDictionary<string, Controller> _controllers;
    private ISyncControl? _link;
    private IMessageRelay? _relay;

    /// <summary>An API over a store, which it does not dispose.</summary>
    /// <param name="appliance">The process around it; without one, the actions that need it do not exist.</param>
    public KuzzleApi(ApiOptions options, IDocumentStore store, TimeProvider clock, ILoggerFactory loggers, IAppliance? appliance = null)
    {
        _options = options;
        _clock = clock;
        _logger = loggers.CreateLogger<KuzzleApi>();
        store = _store = new ObservedDocumentStore(store);
        _realtime = new RealtimeEngine(options, clock);
        _gate = new RequestGate(options.Limits);
        _statistics = new RequestStatistics(options.Statistics, clock);
        _statistics.Connected("internal"); // The parts of this process count as one, as in Kuzzle.
        _security = new KuzzleSecurity(options, store, clock, _logger, appliance?.Ownership);
        _security.Tokens.Ended = EndSubscriptions;
        _rights = new RightsGate(_security, options.Limits, clock, _realtime.HasSink);

        var specifications = new SpecificationShelf(store, options.Limits, clock);
        var validation = new SpecificationController(specifications, options.Limits);
        var documents = _documents = new DocumentWriter(store, specifications, _realtime, _logger);
        var searches = new SearchController(documents, new ScrollRegistry(store, clock), options.Limits);
        var security = new SecurityControllers(_security, options.Limits, clock, () => _controllers!);
        var exclusive = new ExclusiveActions();
        _memory = new MemoryStorage(options.Limits.MemoryStorageBytes, clock);
        Controller[] controllers =
        [
            security.Auth,
            security.Security,
            .. new MemoryController(_memory, options.Limits).Controllers,
            new SystemController(options, store, clock, _meters, appliance).Controller,
            new SyncController(() => Volatile.Read(ref _link)).Controller,
            new Controller("admin", new Dictionary<string, ActionHandler>(
            [
                .. new AdminController(documents, _memory, exclusive, appliance).Actions,
                .. security.Admin,
            ], StringComparer.Ordinal)),
            new Controller("server", new Dictionary<string, ActionHandler>(
            [
                .. new ServerController(options, store, clock, () => _controllers!.Values, AdminExistsAsync, appliance, () => Volatile.Read(ref _link)).Actions,
                .. new StatisticsController(_statistics, options.Statistics, _gate, _realtime).Actions,
            ], StringComparer.Ordinal)),
            new IndexController(store).Controller,
            new Controller("collection", new Dictionary<string, ActionHandler>([.. new CollectionController(documents, _realtime).Actions, .. validation.Actions], StringComparer.Ordinal)),
            new Controller("document", new Dictionary<string, ActionHandler>(
            [
                .. new DocumentController(documents).Actions,
                .. new MultipleDocumentController(documents, options.Limits).Actions,
                .. searches.Actions,
                .. new ExportController(documents).Actions,
                new("validate", validation.ValidateDocumentAsync),
            ], StringComparer.Ordinal)),
            new Controller("bulk", new Dictionary<string, ActionHandler>(
            [
                .. new BulkController(documents).Actions,
                .. new ImportController(documents).Actions,
                .. searches.BulkActions,
            ], StringComparer.Ordinal)),
            new RealtimeController(_realtime, specifications, validation, options.Limits, _rights.FindFault, () => Volatile.Read(ref _relay)).Controller,
        ];
        _controllers = controllers.ToFrozenDictionary(controller => controller.Name, StringComparer.Ordinal);
    }

    /// <summary>The name of this box in answers; also in those of protocols to what never became a request.</summary>
    public string NodeName => _options.NodeName;

    /// <summary>The documents, hidden ones included, without rights, specifications or notifications. Observers are told of what is changed here, too.</summary>
    public IDocumentStore Documents => _store;

    /// <summary>Whether there was an administrator once and is none now, since the database is another one: nobody can become one without a code that was made on the box itself.</summary>
    public bool HasLostAdmin => _security.HasLostAdmin;

    /// <summary>Adds a controller of another part. To be called before the first request.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public void AddController(Controller controller) =>
        _controllers = new Dictionary<string, Controller>(_controllers, StringComparer.Ordinal) { { controller.Name, controller } }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Adds somebody who hears of every change of a document. To be called before the first request.</summary>
    public void AddObserver(IDocumentObserver observer) => _store.Add(observer);

    /// <summary>
    /// Keeps collections from everybody but this process: what asks for a document there to be written is refused with what <paramref name="findFault"/> says, null for
    /// collections that are free. To be called before the first request.
    /// </summary>
    public void AddGuard(Func<CollectionName, ApiError?> findFault) => _documents.AddGuard(findFault);

    /// <summary>
    /// Writes as this process does: atomically, without rights or specification, and those whose filters match are told (an action of the controller <c>document</c>).
    /// Null when the collection does not exist.
    /// </summary>
    /// <exception cref="DocumentStoreException">The disk fails.</exception>
    public async Task<IReadOnlyList<WriteOutcome>?> WriteAsync(CollectionName collection, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        var request = ApiRequest.Create("document", "update", _internal, Caller.System, _clock);
        var (outcomes, refusal) = await _documents.WriteAsync(request, collection, writes, static (_, outcome) => Describe(outcome), cancellationToken);
        return refusal is null ? outcomes : null;
    }

    /// <summary>As <see cref="WriteAsync(CollectionName, IReadOnlyList{DocumentWrite}, CancellationToken)"/>, for writes of several collections: one commit. Null when one of them does not exist; then nothing was written.</summary>
    /// <exception cref="DocumentStoreException">The disk fails.</exception>
    public Task<IReadOnlyList<WriteOutcome>?> WriteAsync(IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes, CancellationToken cancellationToken) =>
        _documents.WriteAsync(ApiRequest.Create("document", "update", _internal, Caller.System, _clock), writes, Describe, cancellationToken);

    /// <summary>
    /// Whether a collection that exists lets a whole document in, by its specification and its mapping, which grows by what is new in the document. Does not wait unless it grows.
    /// </summary>
    public async ValueTask<ApiError?> AdmitAsync(CollectionName collection, JsonElement document, CancellationToken cancellationToken) =>
        !_store.Catalogue.TryGetCollection(collection, out var definition)
            ? StorageErrors.UnknownCollection(collection)
            : (await _documents.AdmitWholeAsync(collection, definition, document, cancellationToken)).Fault;

    /// <summary>Publishes something that is not stored, as <c>realtime:publish</c> does: those whose filters match are told, and the upstream, if a rule says so.</summary>
    /// <param name="collection">Where; it need not exist.</param>
    /// <param name="id">Its identifier, or null.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait for the disk, where the message is kept for the upstream.</param>
    /// <exception cref="DocumentStoreException">The disk fails.</exception>
    public async ValueTask PublishAsync(CollectionName collection, string? id, JsonElement message, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _relay) is { } relay) await relay.RelayAsync(collection, id, message, cancellationToken);
        Tell(collection, id, message);
    }

    /// <summary>Tells those here whose filters match of something that is not stored; the upstream is not told. Does not wait.</summary>
    /// <param name="collection">Where; it need not exist.</param>
    /// <param name="id">Its identifier, or null.</param>
    /// <param name="message">The message.</param>
    public void Tell(CollectionName collection, string? id, JsonElement message)
    {
        var result = new JsonObject();
        if (id is not null) result["_id"] = id;
        result["_source"] = DocumentAnswers.NodeOf(message);
        _realtime.Publish(ApiRequest.Create("realtime", "publish", _internal, Caller.System, _clock) with { Id = id }, collection, message, result);
    }

    /// <summary>Adds the way out for notifications to the connections of one protocol. To be called before the first request.</summary>
    public void AddSink(string protocol, INotificationSink sink) => _realtime.AddSink(protocol, sink);

    /// <summary>Lets the operator ask the link to the upstream by <c>edge/sync</c>, and messages go over it. Another one takes the place of the one before.</summary>
    public void UseLink(ISyncControl link, IMessageRelay? relay = null)
    {
        Volatile.Write(ref _link, link);
        Volatile.Write(ref _relay, relay);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WriteOutcome>?> TakeAsync(CollectionName collection, IReadOnlyList<UpstreamWrite> writes, CancellationToken cancellationToken)
    {
        var request = ApiRequest.Create("bulk", "mWrite", _upstream, Caller.System, _clock);
        var (outcomes, refusal) = await _documents.WriteAsync(request, collection, writes, Describe, cancellationToken);
        return refusal is null ? outcomes : null;

        static (string Action, JsonObject Result)? Describe(int write, WriteOutcome outcome) => outcome.After is null
            ? ("delete", new JsonObject { ["_id"] = outcome.Before!.Id })
            : (outcome.Created ? "create" : "replace", DocumentAnswers.WholeAndCreated(outcome));
    }

    /// <summary>
    /// Answers one request. There is always an answer, and never an exception but for <see cref="OperationCanceledException"/>: a request that waits for its turn can be
    /// cancelled, one that writes cannot.
    /// </summary>
    public async ValueTask<ApiResponse> ExecuteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var hasFailed = true;
        _statistics.Began(request.Connection.Protocol);
        try
        {
            var response = await QueueAsync(request, cancellationToken);
            hasFailed = response.Error is not null;
            return response;
        }
        finally
        {
            _statistics.Ended(request.Connection.Protocol, hasFailed);
        }
    }

    /// <summary>
    /// Whether an action needs so little that a small request for it may be executed on the thread that read it, which then serves nobody else meanwhile.
    /// </summary>
    public static bool IsQuick(string controller, string action) => QuickActions.Contains(controller, action);

    /// <summary>The answer to a payload that is no request at all.</summary>
    public ApiResponse AnswerUnusable(ApiError fault) => ApiResponse.ToUnusable(fault, _options.NodeName);

    /// <summary>The connection is gone: its subscriptions end, and those who asked for it are told. Idempotent.</summary>
    public void Disconnect(ClientConnection connection)
    {
        if (connection.TryClose()) _statistics.Disconnected(connection.Protocol);
        _security.Tokens.Forget(connection);
        _realtime.Disconnect(connection);
    }

    /// <summary>
    /// Reads users, rights and tokens from the store, so that the first request need not wait for it; without this call, that one does. Once is enough.
    /// </summary>
    /// <exception cref="DocumentStoreException">The store does not answer.</exception>
    public ValueTask OpenAsync(CancellationToken cancellationToken) => _security.OpenAsync(cancellationToken);

    /// <summary>The connection is open, and is counted until <see cref="Disconnect"/>; the login of one that <see cref="LoginAsync"/> let in holds from now on. Idempotent.</summary>
    public void Connect(ClientConnection connection)
    {
        if (!connection.TryOpen()) return;

        _statistics.Connected(connection.Protocol);
        if (connection.Login is { Kind: TokenKind.Connection } login) _security.Tokens.Add(login);
    }

    /// <summary>
    /// Logs a connection in before it begins, by what protocols have for that: requests without a token of their own then run as that user, until the login ends (by logout,
    /// revocation, expiry) and they are refused. The password is a user's, or a token or an API key; for those, the user name does not matter.
    /// </summary>
    /// <returns>The user's kuid, or why it is refused: <c>plugin.strategy.missing_user</c>, <c>security.token.invalid</c>, or that too many try.</returns>
    public async ValueTask<(string? Kuid, ApiError? Fault)> LoginAsync(ClientConnection connection, string? userName, string password, CancellationToken cancellationToken)
    {
        try
        {
            await _security.OpenAsync(cancellationToken);
            return await ConnectionLogin.RunAsync(_security, connection, userName, password, cancellationToken);
        }
        catch (DocumentStoreException exception)
        {
            LogStorageFault(_logger, "auth", "login", exception);
            return (null, StorageErrors.Of(exception));
        }
    }

    /// <summary>Refuses new requests, and completes when those under way are answered (or when cancelled, without harm).</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _gate.CloseAsync().WaitAsync(cancellationToken);
        await _security.Sessions.WhenCleanAsync().WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meters.Dispose();
        _gate.Dispose();
        _security.Dispose();
    }

    private async ValueTask<ApiResponse> QueueAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (FindShapeFault(request) is { } fault) return Answer(request, fault);
        if (!request.Caller.HasEveryRight && _options.Limits.RequestsPerSecond is > 0 and var most && !request.Connection.TryCount(request.Timestamp, most))
        {
            return Answer(request, ProcessErrors.TooManyRequests());
        }

        if (!_gate.TryQueue()) return Answer(request, ProcessErrors.Overloaded());

        try
        {
            if (_gate.IsClosed) return Answer(request, ProcessErrors.ShuttingDown());
            if (_gate.IsNewlyCrowded()) LogCrowded(_logger, _gate.Size.Waiting);

            await _gate.TurnAsync(cancellationToken);
            try
            {
                return Answer(request, await RunAsync(request, cancellationToken));
            }
            finally
            {
                _gate.EndTurn();
            }
        }
        finally
        {
            _gate.Leave();
        }
    }

    private static ApiError? FindShapeFault(ApiRequest request)
    {
        if (request.Controller.Length == 0) return AssertErrors.MissingArgument("controller");
        if (request.Action.Length == 0) return AssertErrors.MissingArgument("action");
        if (request.Argument("targets").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;

        return request.Index is not null ? AssertErrors.MutuallyExclusive("targets", "index")
            : request.Collection is not null ? AssertErrors.MutuallyExclusive("targets", "collection")
            : null;
    }

    private async ValueTask<ApiResult> RunAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var (admitted, denied) = await _rights.AdmitAsync(request, cancellationToken);
            return denied ?? await RunAdmittedAsync(admitted, cancellationToken);
        }
        catch (DocumentStoreException exception)
        {
            // Want of room is told once by the store, not for every write that it refuses.
            if (exception.Fault is not (DocumentStoreFault.OutboxFull or DocumentStoreFault.NoRoom)) LogStorageFault(_logger, request.Controller, request.Action, exception);
            return StorageErrors.Of(exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The funnel is the outermost loop of a request: whatever went wrong, its sender gets an answer and the log the details.
            LogUnexpected(_logger, request.Controller, request.Action, exception);
            return CoreErrors.Unexpected($"{request.Controller}:{request.Action} failed; the log has the details.");
        }
    }

    private async ValueTask<ApiResult> RunAdmittedAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!_controllers.TryGetValue(request.Controller, out var controller) || !controller.Actions.TryGetValue(request.Action, out var action))
        {
            return CloudOnlyActions.Reasons.TryGetValue($"{request.Controller}:{request.Action}", out var reason) ? ProcessErrors.CloudOnly(request.Controller, request.Action, reason)
                : controller is null ? ProcessErrors.ControllerNotFound(request.Controller)
                : ProcessErrors.ActionNotFound(request.Controller, request.Action);
        }

        if (SdkVersions.FindFault(request) is { } incompatible) return incompatible;

        var result = await action(request, cancellationToken);
        if (request.Controller != "realtime" || request.Token is not { IsRevoked: true, IsSingleUse: false }) return result;

        // Revoked while it subscribed: its connection may have been told before it was in the room, and nobody would ever take it out again.
        if (request.Connection.Linked is null) _realtime.Disconnect(request.Connection);
        return SecurityErrors.InvalidToken();
    }

    /// <summary>A token has ended, and with it the subscriptions that were made by it; the connection stays.</summary>
    private void EndSubscriptions(ClientConnection connection)
    {
        try
        {
            _realtime.Disconnect(connection);
            _realtime.Send(connection, ServerNotification.Channel, ServerNotification.TokenExpired(_options.NodeName));
        }
        catch (Exception exception)
        {
            // This runs on a timer as well: a way out that fails for one connection costs neither the others nor the process.
            LogUnexpected(_logger, "realtime", "TokenExpired", exception);
        }
    }

    private async ValueTask<bool> AdminExistsAsync(CancellationToken cancellationToken)
    {
        await _security.OpenAsync(cancellationToken);
        return _security.Book.AdminExists;
    }

    private static (string Action, JsonObject Result)? Describe(WriteOutcome outcome) =>
        outcome.After is null ? ("delete", DocumentAnswers.WithoutVersion(outcome.Before!))
        : outcome.Created ? ("create", DocumentAnswers.Whole(outcome.After))
        : ("replace", DocumentAnswers.Whole(outcome.After));

    private ApiResponse Answer(ApiRequest request, ApiResult result) => ApiResponse.To(request, result, _options);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Waiting} requests wait for their turn; beyond limits.requestsBufferSize they are refused")]
    private static partial void LogCrowded(ILogger logger, int waiting);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller}:{Action} could not use the storage")]
    private static partial void LogStorageFault(ILogger logger, string controller, string action, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller}:{Action} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, string controller, string action, Exception exception);
}
