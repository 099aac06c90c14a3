using System.Text.Json;
using System.Threading.Channels;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Messages;

/// <summary>
/// Carries messages that are not stored to the upstream by the rules, and those of the upstream here. What must not be lost waits on the disk until the upstream has acknowledged
/// it, and may arrive twice, with the same key. What came by the link never goes back over it.
/// </summary>
internal sealed partial class MessageForward : IMessageRelay
{
    /// <summary>By this member of <c>volatile</c>, a message is known again when it comes twice.</summary>
    public const string KeyMember = "edgeMessage";

    /// <summary>When it was published, in milliseconds since 1970.</summary>
    public const string PublishedAtMember = "edgePublishedAt";

    /// <summary>So many requests are under way together: more than one, or each would wait for the line; few, for all of them are repeated when the line breaks.</summary>
    private const int Window = 32;

    /// <summary>
    /// What is too large for the upstream, or for something on the way, is answered by hanging up, for some. The connection breaks by itself, too; but as often as this in a row, under
    /// the same message alone and of this size, it is the message, and those behind it wait no longer.
    /// </summary>
    private const int MaxBreaks = 12;
    private const int LargeBytes = 64 * 1024;

    /// <summary>What is not kept and waits longer than so many others is late anyway.</summary>
    private const int MaxTransient = 1024;

    /// <summary>Names of collections are their publishers' choice; of so many it is logged that they are refused, and all are counted.</summary>
    private const int MaxRemembered = 100;

    private readonly SyncRules _rules;
    private readonly IReplica _replica;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly MessageQueue _queue;
    private readonly Channel<WaitingMessage> _transient;
    private readonly Channel<bool> _some = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<CollectionName> _refusedOnce = [];
    private readonly bool _isNeeded;
    private volatile bool _isOnline;
    private int _together = Window;
    private (string? Key, int Breaks) _suspect;
    private long _sent;
    private long _received;
    private long _missed;
    private long _refused;

    public MessageForward(SyncRules rules, MessageOptions options, IDocumentStore store, IReplica replica, TimeProvider clock, ILogger logger)
    {
        _rules = rules;
        _replica = replica;
        _clock = clock;
        _logger = logger;
        _isNeeded = rules.All.Any(static rule => rule.Messages != MessagePolicy.None);
        _queue = new MessageQueue(store, options);
        _transient = Channel.CreateBounded<WaitingMessage>(
            new BoundedChannelOptions(MaxTransient) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _missed));
    }

    /// <summary>How many wait on the disk.</summary>
    public long Waiting => _queue.Count;

    /// <summary>How many the upstream has acknowledged since the process began.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>How many of the upstream were published here.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>How many did not travel: there was no room, or nothing kept them while the link was not online.</summary>
    public long Dropped => Interlocked.Read(ref _missed) + _queue.Dropped;

    /// <summary>How many the upstream has refused for good.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <inheritdoc/>
    public ValueTask RelayAsync(CollectionName collection, string? id, JsonElement message, CancellationToken cancellationToken)
    {
        if (!_isNeeded || !_rules.TryFind(collection, out var rule) || rule.Direction == SyncDirection.Down || rule.Messages == MessagePolicy.None) return ValueTask.CompletedTask;
        if (rule.Filter is { } filter && !filter.Matches(id ?? "", message)) return ValueTask.CompletedTask;

        var isKept = rule.Messages == MessagePolicy.StoreAndForward;
        if (!isKept && !_isOnline)
        {
            Interlocked.Increment(ref _missed);
            return ValueTask.CompletedTask;
        }

        var waiting = new WaitingMessage(Guid.CreateVersion7().ToString("N"), collection, id, _clock.GetUtcNow().ToUnixTimeMilliseconds(), JsonBytes.Of(message));
        if (isKept) return new ValueTask(KeepAsync(waiting, cancellationToken));

        _transient.Writer.TryWrite(waiting);
        _some.Writer.TryWrite(true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A message of the upstream: published here, if a rule lets it down. Quick, and for any thread.</summary>
    public void Hear(CollectionName upstream, JsonElement notification)
    {
        if (!_isNeeded || _rules.FindLocal(upstream) is not { } local || !_rules.TryFind(local, out var rule) || rule.Messages == MessagePolicy.None) return;
        if (!notification.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("_source", out var source)) return;

        var id = result.TextOf("_id");
        if (rule.Filter is { } filter && !filter.Matches(id ?? "", source)) return;

        _replica.Tell(local, id, source);
        Interlocked.Increment(ref _received);
    }

    /// <summary>Finds what an earlier process has left. Any number of times.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => _isNeeded ? _queue.OpenAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>From now on what is not kept travels, too.</summary>
    public void Begin() => _isOnline = true;

    /// <summary>The link is not online any more.</summary>
    public void End()
    {
        _isOnline = false;
        while (_transient.Reader.TryRead(out _)) Interlocked.Increment(ref _missed);
    }

    /// <summary>Completes when there is something to send.</summary>
    public async Task WhenSomeAsync(CancellationToken cancellationToken) => await _some.Reader.ReadAsync(cancellationToken);

    /// <summary>Sends some of what waits; false when nothing did.</summary>
    /// <exception cref="LinkBrokenException">The upstream takes nothing now; what must not be lost is still on the disk.</exception>
    public async Task<bool> StepAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        if (!_isNeeded) return false;

        var kept = await _queue.PeekAsync(_together, cancellationToken);
        if (kept.Count > 0)
        {
            await SendKeptAsync(upstream, kept, cancellationToken);
            return true;
        }

        var passing = new List<WaitingMessage>();
        while (passing.Count < Window && _transient.Reader.TryRead(out var message)) passing.Add(message);
        if (passing.Count == 0) return false;

        await SendAsync(upstream, passing, static _ => Task.CompletedTask, cancellationToken);
        return true;
    }

    private async Task SendKeptAsync(UpstreamSession upstream, IReadOnlyList<WaitingMessage> kept, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(upstream, kept, _queue.RemoveAsync, cancellationToken);
            _together = Math.Min(Window, _together * 2);
        }
        catch (LinkBrokenException broken)
        {
            _together = Math.Max(1, kept.Count / 2);
            if (kept is not [{ Body.Length: > LargeBytes } message]) throw;

            _suspect = (message.Key, _suspect.Key == message.Key ? _suspect.Breaks + 1 : 1);
            if (_suspect.Breaks < MaxBreaks) throw;

            Interlocked.Increment(ref _refused);
            LogBreaks(_logger, message.Collection, message.Body.Length, broken.Message);
            await _queue.RemoveAsync([message.Key]);
            throw;
        }
    }

    private async Task KeepAsync(WaitingMessage message, CancellationToken cancellationToken)
    {
        await _queue.AddAsync(message, cancellationToken);
        _some.Writer.TryWrite(true);
    }

    /// <summary>In their order; those before the first that could not be taken are done with.</summary>
    private async Task SendAsync(UpstreamSession upstream, IReadOnlyList<WaitingMessage> messages, Func<IReadOnlyList<string>, Task> forget, CancellationToken cancellationToken)
    {
        var asked = new List<Task<UpstreamAnswer>>(messages.Count);
        foreach (var message in messages)
        {
            var asking = PublishAsync(upstream, message, cancellationToken);
            asked.Add(asking);
            if (!upstream.Notifies) await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Over HTTP, requests overtake each other.
        }

        await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Each is looked at below.
        var done = new List<string>(messages.Count);
        for (var i = 0; i < asked.Count && asked[i].IsCompletedSuccessfully; i++)
        {
            var answer = await asked[i];
            if (answer.MayPassLater) break;

            done.Add(messages[i].Key);
            if (answer.IsSuccess) Interlocked.Increment(ref _sent);
            else Refuse(messages[i], answer);
        }

        await forget(done);
        if (done.Count == asked.Count) return;

        var failed = await asked[done.Count]; // throws if it did
        throw new LinkBrokenException($"The upstream refuses: {failed.Complaint}");
    }

    private void Refuse(WaitingMessage message, UpstreamAnswer answer)
    {
        Interlocked.Increment(ref _refused);
        if (_refusedOnce.Count < MaxRemembered && _refusedOnce.Add(message.Collection)) LogRefused(_logger, message.Collection, answer.Complaint);
    }

    private Task<UpstreamAnswer> PublishAsync(UpstreamSession upstream, WaitingMessage message, CancellationToken cancellationToken)
    {
        var target = _rules.TryFind(message.Collection, out var rule) ? rule.NameUpstream(message.Collection) : message.Collection;
        return upstream.AskAsync(
            request =>
            {
                request.WriteString("controller", "realtime");
                request.WriteString("action", "publish");
                request.WriteString("index", target.Index);
                request.WriteString("collection", target.Collection);
                if (message.Id is { } id) request.WriteString("_id", id);
                request.WritePropertyName("body");
                request.WriteRawValue(message.Body.Span, skipInputValidation: true);
            },
            cancellationToken,
            metadata =>
            {
                metadata.WriteString(KeyMember, message.Key);
                metadata.WriteNumber(PublishedAtMember, message.PublishedAt);
            });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection broke each time that a message of {Collection} was sent ({Bytes} bytes); it is dropped and counted as refused: {Fault}")]
    private static partial void LogBreaks(ILogger logger, CollectionName collection, int bytes, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream refuses messages of {Collection}, which are dropped and counted: {Complaint}")]
    private static partial void LogRefused(ILogger logger, CollectionName collection, string complaint);
}
