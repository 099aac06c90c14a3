using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Api;

/// <summary>The bounds of the API, as Kuzzle's <c>limits</c>. Immutable; a value out of range throws when the record is made.</summary>
public sealed record ApiLimits
{
    /// <summary>Requests under way at a time; more wait. 1 to 10 000.</summary>
    public int ConcurrentRequests { get; init => field = InRange(value, 1, 10_000); } = 100;

    /// <summary>Requests that may wait; beyond, they are refused. 1 to 1 000 000.</summary>
    public int RequestsBufferSize { get; init => field = InRange(value, 1, 1_000_000); } = 50_000;

    /// <summary>Logins that one connection may try within a second. 1 to 10 000.</summary>
    public int LoginsPerSecond { get; init => field = InRange(value, 1, 10_000); } = 1;

    /// <summary>Documents one request may fetch. 1 to 1 000 000.</summary>
    public int DocumentsFetchCount { get; init => field = InRange(value, 1, 1_000_000); } = 10_000;

    /// <summary>Documents one request may change; bulk actions have no such bound. 1 to 1 000 000.</summary>
    public int DocumentsWriteCount { get; init => field = InRange(value, 1, 1_000_000); } = 200;

    /// <summary>Conditions in one filter. 1 to 10 000.</summary>
    public int SubscriptionConditionsCount { get; init => field = InRange(value, 1, 10_000); } = 100;

    /// <summary>Distinct rooms; 0 is no bound.</summary>
    public int SubscriptionRooms { get; init => field = InRange(value, 0, int.MaxValue); } = 1_000_000;

    /// <summary>How long it is remembered which rooms a document matched; zero is for ever.</summary>
    public TimeSpan SubscriptionDocumentTtl { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Requests one connection may send in a second; 0 is no bound.</summary>
    public int RequestsPerSecond { get; init => field = InRange(value, 0, 1_000_000); }

    /// <summary>How many waiting requests are worth a warning in the log. 1 to 1 000 000.</summary>
    public int RequestsBufferWarningThreshold { get; init => field = InRange(value, 1, 1_000_000); } = 5000;

    /// <summary>Rooms one connection may be in; 0 is no bound. One client alone could otherwise use up all rooms.</summary>
    public int SubscriptionsPerConnection { get; init => field = InRange(value, 0, int.MaxValue); } = 10_000;

    /// <summary>What the memory storage (<c>ms</c>) may hold, about, in bytes. 0 to 1 GiB; with 0 it takes nothing.</summary>
    public long MemoryStorageBytes
    {
        get;
        init => field = value is >= 0 and <= 1L << 30 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 1 GiB");
    } = 8 << 20;

    private static int InRange(int value, int least, int most, [CallerMemberName] string name = "") =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"{least} to {most}");
}
