using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Local;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Sessions;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Commands;

/// <summary>
/// Brings commands to devices. A command is a document, however it came to be; that somebody sends it is written into the document before, and what became of it after. So each
/// is sent once, and one whose sending a crash has cut off is told apart from one that waits.
/// </summary>
/// <remarks>Of one device, commands are sent in the order in which they came; a device that reads slowly makes only its own wait.</remarks>
internal sealed partial class CommandDispatcher : IDocumentObserver, IAsyncDisposable
{
    /// <summary>How long copies of a command that was delivered are still handed to others who listen.</summary>
    private static readonly TimeSpan LongestAfterwards = TimeSpan.FromSeconds(30);

    private readonly KuzzleApi _api;
    private readonly RegistryBook _book;
    private readonly DeviceSessions _sessions;
    private readonly DeviceOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<(CollectionName Collection, string Id), PendingCommand> _pending = [];
    private readonly Dictionary<(string Application, string Device), CommandLine> _lines = [];
    private readonly HashSet<Task> _work = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _isOpen;
    private bool _isStopped;

    public CommandDispatcher(KuzzleApi api, RegistryBook book, DeviceSessions sessions, DeviceOptions options, TimeProvider clock, ILogger logger)
    {
        _api = api;
        _book = book;
        _sessions = sessions;
        _options = options;
        _clock = clock;
        _logger = logger;
        sessions.Listening = Listen;
    }

    /// <summary>Takes up what waits in the store. From here on, new documents are noticed.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        lock (_lock) _isOpen = true;
        var query = JsonElement.Parse("""{"bool":{"should":[{"term":{"state":"queued"}},{"bool":{"must_not":[{"exists":{"field":"state"}}]}}]}}""");
        foreach (var application in _book.Applications)
        {
            await foreach (var page in _api.Documents.PagesAsync(application.Commands, query, cancellationToken))
            {
                foreach (var document in page) Begin(application, document.Id, document.Source, isRestart: true);
            }
        }
    }

    /// <summary>Whether as many wait as may.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock) return _pending.Count >= _options.MaxQueuedCommands;
        }
    }

    /// <summary>The pending command of that name, or null.</summary>
    public PendingCommand? Find(CollectionName collection, string id)
    {
        lock (_lock) return _pending.GetValueOrDefault((collection, id));
    }

    public void Written(CollectionName collection, IReadOnlyList<WriteOutcome> outcomes)
    {
        if (collection.Collection != "commands" || _book.FindApplicationOfIndex(collection.Index) is not { } application) return;

        foreach (var outcome in outcomes)
        {
            if (outcome.Kind is not (DocumentChangeKind.Put or DocumentChangeKind.Delete)) continue;

            var id = (outcome.After ?? outcome.Before!).Id;
            if (Find(collection, id) is { } pending)
            {
                if (outcome.After is null || CommandDocument.StateOf(outcome.After.Source) != CommandState.Queued) pending.Settle();
            }
            else if (outcome.After is { } after && IsNew(outcome, after.Source))
            {
                Begin(application, id, after.Source, isRestart: false);
            }
        }
    }

    public void Emptied(CollectionName collection)
    {
        foreach (var pending in Pending(entry => entry.Collection == collection)) pending.Settle();
    }

    public void Removed(IReadOnlyList<string> indexes)
    {
        foreach (var pending in Pending(entry => indexes.Contains(entry.Collection.Index))) pending.Settle();
    }

    /// <summary>A device that is gone or disabled gets nothing any more, and says so.</summary>
    public void Follow(RegistryChange change)
    {
        // A gateway may have become one, or a device been let in again: what waits is looked at anew, and finds by itself that there is nobody any more.
        lock (_lock)
        {
            foreach (var (key, line) in _lines)
            {
                if (key.Application == change.Application.Name) Wake(line);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] work;
        lock (_lock)
        {
            if (_isStopped) return;
            (_isOpen, _isStopped) = (false, true);
            work = [.. _work];
        }

        await _stop.CancelAsync();
        await Task.WhenAll(work);
        foreach (var pending in Pending(_ => true)) pending.Dispose();
        _stop.Dispose();
    }

    /// <summary>One that was made now, or put in the place of another, and says nothing of what became of it.</summary>
    private static bool IsNew(WriteOutcome outcome, JsonElement source) =>
        CommandDocument.StateOf(source) == CommandState.Queued && !CommandDocument.IsDispatched(source)
        && (outcome.Created || !source.TryGetProperty("state", out _));

    private List<PendingCommand> Pending(Func<(CollectionName Collection, string Id), bool> which)
    {
        lock (_lock) return [.. _pending.Where(entry => which(entry.Key)).Select(entry => entry.Value)];
    }

    private void Begin(Application application, string id, JsonElement source, bool isRestart)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var fields = new FieldReader();
        var document = CommandDocument.Read(id, source, now, fields);

        // A clock that was wrong, here or where it was made, prolongs nothing.
        var left = document.ExpiresAt is { } end ? TimeSpan.FromMilliseconds(Math.Clamp(end - now, 0, document.Ttl)) : (TimeSpan?)null;
        lock (_lock)
        {
            if (!_isOpen || _pending.ContainsKey((application.Commands, id))) return;

            var pending = new PendingCommand(application, document, left, _clock);
            _pending.Add((application.Commands, id), pending);
            if (fields.Fault is { } fault) Track(() => EndAsync(pending, CommandState.Failed, fault.Message, sessions: 0));
            else if (_pending.Count > _options.MaxQueuedCommands) Track(() => EndAsync(pending, CommandState.Failed, "Too many commands wait.", sessions: 0));
            else if (isRestart && document.WasDispatched && (document.Qos == 0 || document.Ttl == 0)) Track(() => EndAsync(pending, CommandState.Failed, CutOff, sessions: 0));
            else if (isRestart && document.Ttl == 0) Track(() => EndAsync(pending, CommandState.Expired, error: null, sessions: 0));
            else Enqueue(pending);
        }
    }

    private const string CutOff = "The gateway stopped while it was being sent: the device may have got it, or not.";

    /// <summary>To be called under the lock.</summary>
    private void Enqueue(PendingCommand pending)
    {
        // Under the registered name, if there is one: aliases share the line.
        var device = _book.TryResolve(pending.Application.Name, pending.Document.Device, out _, out var known) ? known.Name : pending.Document.Device;
        var key = (pending.Application.Name, device);
        if (!_lines.TryGetValue(key, out var line)) _lines.Add(key, line = new CommandLine(key));
        line.Ready.Enqueue(pending);
        Wake(line);
    }

    /// <summary>To be called under the lock.</summary>
    private void Wake(CommandLine line)
    {
        line.MustLookAgain = true;
        if (line.IsWorking) return;

        line.IsWorking = true;
        Track(() => WorkAsync(line));
    }

    private void Listen(IDeviceSession session)
    {
        lock (_lock)
        {
            foreach (var (key, line) in _lines)
            {
                if (key.Application == session.Identity.Application && IsHeard(session, key)) Wake(line);
            }
        }
    }

    /// <summary>To be called under the lock: a task of this dispatcher, which it awaits at its end.</summary>
    private void Track(Func<Task> work)
    {
        Task? task = null;
        task = Task.Run(async () =>
        {
            await work();
            lock (_lock) _work.Remove(task!); // Not before it was added: that is done under the same lock.
        });
        _work.Add(task);
    }

    private async Task WorkAsync(CommandLine line)
    {
        while (true)
        {
            PendingCommand next;
            lock (_lock)
            {
                if (line.MustLookAgain)
                {
                    line.MustLookAgain = false;
                    line.LookAgain();
                }

                if (_stop.IsCancellationRequested || !line.Ready.TryDequeue(out next!))
                {
                    line.IsWorking = false;
                    if (line.Waiting.Count == 0) _lines.Remove(line.Key);
                    return;
                }
            }

            try
            {
                await DispatchAsync(line, next);
            }
            catch (Exception exception)
            {
                // The outermost loop of a device's commands: the next one is not to suffer from it. The document stays queued, and the next start takes it up.
                LogFailed(next.Document.Id, line.Key.Device, exception);
                Forget(next);
            }
        }
    }

    private async Task DispatchAsync(CommandLine line, PendingCommand pending)
    {
        if (pending.IsSettled)
        {
            Forget(pending);
        }
        else if (pending.Ended.IsCancellationRequested)
        {
            await EndAsync(pending, CommandState.Expired, error: null, sessions: 0);
        }
        else if (FindFault(line.Key) is { } fault)
        {
            await EndAsync(pending, CommandState.Failed, fault, sessions: 0);
        }
        else if (TargetsOf(line.Key) is { Count: > 0 } targets)
        {
            pending.Tried.Clear();
            await SendAsync(line, pending, pending.Document.IsForFirst ? [targets[0]] : targets);
        }
        else if (pending.Document.Ttl == 0)
        {
            await EndAsync(pending, CommandState.Expired, error: null, sessions: 0);
        }
        else
        {
            Wait(line, pending);
        }
    }

    private string? FindFault((string Application, string Device) key)
    {
        if (_book.FindApplication(key.Application) is not { } application) return "The application was deleted.";
        if (application.IsDisabled) return "The application is disabled.";
        return _book.FindDevice(key.Application, key.Device) is not { } device ? $"There is no device \"{key.Device}\"."
            : device.IsDisabled ? "The device is disabled."
            : null;
    }

    /// <summary>Who may have a command of a device and wants it: its own sessions, then those of its gateways in the order of its document.</summary>
    private List<IDeviceSession> TargetsOf((string Application, string Device) key)
    {
        var targets = new List<IDeviceSession>();
        if (_book.FindDevice(key.Application, key.Device) is not { } device) return targets;

        foreach (var via in device.Gateways.Prepend(device.Name).Distinct(StringComparer.Ordinal))
        {
            if (_book.FindDevice(key.Application, via) is not { IsDisabled: false } gateway) continue;
            targets.AddRange(_sessions.Of(key.Application, via).Where(session => session.Identity.DeviceUid == gateway.Uid && IsHeard(session, device)));
        }

        return targets;
    }

    private bool IsHeard(IDeviceSession session, (string Application, string Device) key) =>
        _book.FindDevice(key.Application, key.Device) is { } device ? IsHeard(session, device) : session.ListensFor(key.Device);

    /// <summary>Whether a session has asked for the commands of a device, by its name or an alias.</summary>
    private static bool IsHeard(IDeviceSession session, Device device) => session.ListensFor(device.Name) || device.Aliases.Any(session.ListensFor);

    private void Wait(CommandLine line, PendingCommand pending)
    {
        pending.First.TrySetResult();
        lock (_lock)
        {
            line.Waiting.Add(pending);
            pending.WhenEnded(() => Expire(line));
        }
    }

    /// <summary>One that waits in this line has ended: it is looked through.</summary>
    private void Expire(CommandLine line)
    {
        lock (_lock) Wake(line);
    }

    private async Task SendAsync(CommandLine line, PendingCommand pending, List<IDeviceSession> targets)
    {
        pending.Tried.UnionWith(targets);
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var document = pending.Document;
        var via = targets.Select(session => session.Identity.Device).Distinct(StringComparer.Ordinal).ToList();
        var isClaimed = await ChangeAsync(pending, next =>
        {
            next["state"] = CommandState.Queued;
            next["ttl"] = document.Ttl;
            next["qos"] = document.Qos;
            if (document.IsForFirst) next[CommandDocument.Fanout] = "first";
            next["createdAt"] = document.CreatedAt;
            next["expiresAt"] = document.ExpiresAt;
            next["dispatchedAt"] = now;
            next["via"] = new JsonArray([.. via.Select(name => JsonValue.Create(name))]);
            next["sessions"] = targets.Count;
        });
        if (!isClaimed)
        {
            Forget(pending);
            return;
        }

        var command = new DeviceCommand(document.Id, line.Key.Device, document.Command, document.Payload)
        {
            Aliases = _book.FindDevice(line.Key.Application, line.Key.Device)?.Aliases ?? [],
            ContentType = document.ContentType,
            WantsAcknowledgement = document.Qos == 1,
            ExpiresAt = document.ExpiresAt is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        };

        // Begun here, so that the device gets its commands in their order; what becomes of them is waited for elsewhere.
        var errors = new List<string>();
        var either = CancellationTokenSource.CreateLinkedTokenSource(pending.Ended, _stop.Token);
        var deliveries = targets.Select(session => BeginAsync(session, command, errors, either.Token)).ToList();
        if (document.Qos == 1) pending.First.TrySetResult();
        lock (_lock) Track(() => FinishAsync(line, pending, deliveries, errors, either));
    }

    private static Task<CommandDelivery> BeginAsync(IDeviceSession session, DeviceCommand command, List<string> errors, CancellationToken cancellationToken)
    {
        if (session is not LocalSession local) return session.DeliverAsync(command, cancellationToken);
        return local.DeliverAsync(
            command,
            error =>
            {
                lock (errors) errors.Add(error);
            },
            cancellationToken);
    }

    private async Task FinishAsync(
        CommandLine line, PendingCommand pending, List<Task<CommandDelivery>> deliveries, List<string> errors, CancellationTokenSource either)
    {
        try
        {
            var outcomes = await OutcomesOf(deliveries);
            if (pending.IsSettled)
            {
                Forget(pending);
                return;
            }

            string? failed;
            lock (errors) failed = errors.FirstOrDefault();
            if (outcomes.Contains(CommandDelivery.Delivered))
            {
                await EndAsync(pending, failed is null ? CommandState.Delivered : CommandState.Failed, failed, deliveries.Count);
            }
            else if (pending.Ended.IsCancellationRequested)
            {
                await EndAsync(pending, CommandState.Expired, "It was sent, and not acknowledged in time.", deliveries.Count);
            }
            else if (_stop.IsCancellationRequested)
            {
                Forget(pending); // The next start decides.
            }
            else if (pending.Document.IsForFirst && NextOf(line.Key, pending) is { } next && outcomes.TrueForAll(outcome => outcome != CommandDelivery.Lost || pending.Document.Qos == 1))
            {
                await SendAsync(line, pending, [next]); // Whoever was asked first has not got it; and at QoS 1 twice is better than never.
            }
            else if (outcomes.Contains(CommandDelivery.Unsendable))
            {
                await EndAsync(pending, CommandState.Failed, "The device takes no message of that size, or the command makes no topic.", deliveries.Count);
            }
            else if (outcomes.Contains(CommandDelivery.Refused) && outcomes.TrueForAll(outcome => outcome is CommandDelivery.Refused or CommandDelivery.NotListening))
            {
                await EndAsync(pending, CommandState.Failed, "The device has refused it.", deliveries.Count);
            }
            else if (pending.Document.Ttl > 0 && (pending.Document.Qos == 1 || outcomes.TrueForAll(outcome => outcome == CommandDelivery.NotListening)))
            {
                await WaitAgainAsync(line, pending);
            }
            else if (outcomes.Contains(CommandDelivery.Lost))
            {
                await EndAsync(pending, CommandState.Failed, "The session ended before the device had acknowledged it: it may have got it, or not.", deliveries.Count);
            }
            else
            {
                await EndAsync(pending, CommandState.Expired, error: null, sessions: 0);
            }
        }
        catch (Exception exception)
        {
            // The outermost frame of a task of its own. The document says that it was being sent.
            LogFailed(pending.Document.Id, line.Key.Device, exception);
            Forget(pending);
        }
        finally
        {
            await LetGoAsync(deliveries, either);
        }
    }

    /// <summary>As soon as one copy has arrived, the others do not matter.</summary>
    private static async Task<List<CommandDelivery>> OutcomesOf(List<Task<CommandDelivery>> deliveries)
    {
        var outcomes = new List<CommandDelivery>();
        await foreach (var delivery in Task.WhenEach(deliveries))
        {
            try
            {
                outcomes.Add(await delivery);
                if (outcomes[^1] == CommandDelivery.Delivered) break;
            }
            catch (OperationCanceledException)
            {
                outcomes.Add(CommandDelivery.Lost);
            }
        }

        return outcomes;
    }

    /// <summary>The copies for others are still wanted, but not for ever: a gateway that never acknowledges would keep each of them.</summary>
    private async Task LetGoAsync(List<Task<CommandDelivery>> deliveries, CancellationTokenSource either)
    {
        Task all = Task.WhenAll(deliveries); // Not as the generic one, whose failures cannot be passed over.
        await all.WaitAsync(LongestAfterwards, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await either.CancelAsync();
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What became of them is known, or does not matter.
        either.Dispose();
    }

    /// <summary>Who comes next for a command that one is enough for; null when all who listen were asked.</summary>
    private IDeviceSession? NextOf((string Application, string Device) key, PendingCommand pending) => TargetsOf(key).Find(session => !pending.Tried.Contains(session));

    /// <summary>Nobody has got it, or nobody has said so: it waits for the next who listens.</summary>
    private async Task WaitAgainAsync(CommandLine line, PendingCommand pending)
    {
        if (!await ChangeAsync(pending, next => next.Remove("dispatchedAt")))
        {
            Forget(pending);
            return;
        }

        lock (_lock)
        {
            if (!_lines.TryGetValue(line.Key, out var current)) _lines.Add(line.Key, current = line);
            current.Waiting.Add(pending);
            pending.WhenEnded(() => Expire(current));
            pending.First.TrySetResult();

            // Somebody may have begun to listen in between; but whoever has just let it go without listening is not asked in a circle.
            if (NextOf(line.Key, pending) is not null) Wake(current);
        }
    }

    private async Task EndAsync(PendingCommand pending, string state, string? error, int sessions)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var document = pending.Document;
        try
        {
            await ChangeAsync(pending, next =>
            {
                next["state"] = state;
                next["createdAt"] = document.CreatedAt;
                next["sessions"] = sessions;
                if (state == CommandState.Delivered) next["deliveredAt"] = now;
                if (error is null) next.Remove("error");
                else next["error"] = error;
            });
        }
        catch (DocumentStoreException exception)
        {
            LogFailed(document.Id, document.Device, exception);
        }

        Forget(pending);
    }

    private void Forget(PendingCommand pending)
    {
        lock (_lock) _pending.Remove((pending.Application.Commands, pending.Document.Id));
        pending.First.TrySetResult();
        pending.Dispose();
    }

    /// <summary>False when somebody else has decided about it.</summary>
    private async Task<bool> ChangeAsync(PendingCommand pending, Action<JsonObject> change)
    {
        var outcomes = await _api.WriteAsync(pending.Application.Commands, [new CommandTransition(pending.Document.Id, change)], CancellationToken.None);
        return outcomes is [{ Kind: DocumentChangeKind.Put }];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The command {Id} for {Device} could not be brought on")]
    private partial void LogFailed(string id, string device, Exception exception);
}
