using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Messages;
using Kuzzle.Edge.Sync.Nodes;
using Kuzzle.Edge.Sync.Pacing;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync;

/// <summary>Where the upstream is and what goes there. Immutable; a value out of range throws when the record is made.</summary>
public sealed record UpstreamOptions
{
    /// <summary>
    /// The upstream's address: <c>ws://host:port</c> or <c>wss://host:port</c>, where HTTP is used if no WebSocket comes through; or <c>http://</c>, <c>https://</c> for HTTP only.
    /// </summary>
    public required Uri Url
    {
        get;
        init => field = value is { IsAbsoluteUri: true, Scheme: "ws" or "wss" or "http" or "https" }
            ? value
            : throw new ArgumentException($"must begin with ws://, wss://, http:// or https://, not '{value}'", nameof(value));
    }

    /// <summary>What goes there. At least one rule.</summary>
    public required SyncRules Rules
    {
        get;
        init => field = value.All.Count > 0 ? value : throw new ArgumentException("needs at least one rule", nameof(value));
    }

    /// <summary>Who the link is there; null to be anonymous, or whom the upstream takes the holder of the certificate of <see cref="Tls"/> for.</summary>
    public UpstreamAuth? Auth { get; init; }

    /// <summary>What an encrypted link trusts and shows.</summary>
    public UpstreamTls Tls { get; init; } = new();

    /// <summary>
    /// Whether the WebSocket is compressed, if the upstream can. Over TLS, sizes then tell an eavesdropper something of what is alike in a request, tokens included.
    /// </summary>
    public bool Compression { get; init; }

    /// <summary>
    /// How many documents travel in one request at the most; fewer when the upstream or the line is slow. 1 to 1,000; deletions never more than 200, which is Kuzzle's own default
    /// limit for them.
    /// </summary>
    public int BatchSize
    {
        get;
        init => field = value is >= 1 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000");
    } = 500;

    /// <summary>
    /// How many bytes of documents travel in one request at the most, unless one document alone is larger. 1 KiB to 16 MiB; the default leaves room in the
    /// 1 MB that Kuzzle accepts.
    /// </summary>
    public int BatchBytes
    {
        get;
        init => field = value is >= 1024 and <= 16 * 1024 * 1024 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1024 to 16777216");
    } = 512 * 1024;

    /// <summary>How many bytes of requests are sent in a second, on average, before compression; null for as many as can be. 128 to 1,000,000,000.</summary>
    public long? Bandwidth
    {
        get;
        init => field = value is null or (>= 128 and <= 1_000_000_000) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "128 to 1000000000");
    }

    /// <summary>The times of the day, by the local clock, when all is sent; none: always. The connection stays, and what comes down does.</summary>
    public IReadOnlyList<SendWindow> Schedule { get; init; } = [];

    /// <summary>Rules of this priority, or a larger one, do not heed the <see cref="Schedule"/>; null: all do.</summary>
    public int? SchedulePriority { get; init; }

    /// <summary>How long an answer may take before the link counts as broken. 1 s to 5 min.</summary>
    public TimeSpan RequestTimeout
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromMinutes(5)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 5 min");
    } = TimeSpan.FromSeconds(15);

    /// <summary>How long a quiet link waits before it makes sure that the upstream still answers. 1 s to 1 h.</summary>
    public TimeSpan KeepAlive
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 1 h");
    } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How often all that comes down is compared with the upstream: what neither a notification nor a search for changes has told is found then. 1 s to 7 days.
    /// </summary>
    public TimeSpan CompareInterval
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(7)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 7 days");
    } = TimeSpan.FromHours(1);

    /// <summary>
    /// How soon after a new connection it is made sure that nothing was deleted upstream while nobody told of it, give or take a half, and when the line has nothing better to do. Between two
    /// comparisons of a collection for that reason are five times as much at the least. 1 s to 1 h.
    /// </summary>
    public TimeSpan CompareDelay
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 1 h");
    } = TimeSpan.FromMinutes(1);

    /// <summary>Where versions are kept that lost a conflict under <see cref="ConflictPolicy.KeepBoth"/>.</summary>
    public CollectionName Conflicts { get; init; } = new("edge", "conflicts");

    /// <summary>How this box shows itself there; null: not at all.</summary>
    public NodeOptions? Node { get; init; }

    /// <summary>How many messages that are not stored may wait for the upstream.</summary>
    public MessageOptions Messages { get; init; } = new();

    /// <summary>Where what the upstream refuses for good is shown, as documents with the reason.</summary>
    public CollectionName DeadLetters { get; init; } = new("edge", "dead-letters");

    /// <summary>The longest pause between two attempts to connect; the first pauses are under a second, and each is jittered. 1 s to 1 h.</summary>
    public TimeSpan MaxRetryDelay
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 1 h");
    } = TimeSpan.FromMinutes(1);
}
