using Kuzzle.Edge.Api;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>What a request may ask for, under Kuzzle's own names.</summary>
internal static class LimitSettings
{
    private static readonly ApiLimits Limits = new();

    public static readonly Setting<int> ConcurrentRequests = new(
        "limits.concurrentRequests", Types.Integer(1, 10_000), Limits.ConcurrentRequests, "How many requests run at once; more wait. Less than requestsBufferSize.");

    public static readonly Setting<int> RequestsBufferSize = new(
        "limits.requestsBufferSize", Types.Integer(1, 1_000_000), Limits.RequestsBufferSize, "How many requests may wait; beyond, they are refused with 503.");

    public static readonly Setting<int> LoginsPerSecond = new(
        "limits.loginsPerSecond", Types.Integer(1, 10_000), Limits.LoginsPerSecond, "How often a connection may try to log in within a second.");

    public static readonly Setting<int> DocumentsFetchCount = new(
        "limits.documentsFetchCount", Types.Integer(1, 1_000_000), Limits.DocumentsFetchCount, "How many documents one request may read.");

    public static readonly Setting<int> DocumentsWriteCount = new(
        "limits.documentsWriteCount", Types.Integer(1, 1_000_000), Limits.DocumentsWriteCount, "How many documents one request may write; bulk actions are exempt.");

    public static readonly Setting<int> SubscriptionConditionsCount = new(
        "limits.subscriptionConditionsCount", Types.Integer(1, 10_000), Limits.SubscriptionConditionsCount, "How many conditions a realtime filter may have.");

    public static readonly Setting<int> SubscriptionRooms = new(
        "limits.subscriptionRooms", Types.Integer(0, int.MaxValue), Limits.SubscriptionRooms, "How many different rooms there may be; 0: no limit.");

    public static readonly Setting<TimeSpan> SubscriptionDocumentTtl = new(
        "limits.subscriptionDocumentTTL",
        Types.Duration(TimeSpan.Zero, TimeSpan.FromDays(3650)),
        Limits.SubscriptionDocumentTtl,
        "How long it is remembered that a document was in a room, for `out` notifications; 0: for ever.");

    public static readonly Setting<int> SubscriptionsPerConnection = new(
        "limits.subscriptionsPerConnection",
        Types.Integer(0, int.MaxValue),
        Limits.SubscriptionsPerConnection,
        "How many rooms one connection may be in; beyond, it gets 413 `core.realtime.too_many_rooms`; 0: no limit.");

    public static readonly Setting<int> RequestsPerSecond = new(
        "limits.requestsPerSecond",
        Types.Integer(0, 1_000_000),
        Limits.RequestsPerSecond,
        "How many requests one connection may send in a second; beyond, they are refused with 429 `api.process.too_many_requests`; 0: no limit. Each HTTP request is a connection of its own.");

    public static readonly Setting<int> RequestsBufferWarningThreshold = new(
        "limits.requestsBufferWarningThreshold", Types.Integer(1, 1_000_000), Limits.RequestsBufferWarningThreshold, "How many waiting requests are worth a warning in the log.");

    public static readonly Setting<long> MemoryStorageSize = new(
        "limits.memoryStorageSize", Types.Bytes(0, 1L << 30), Limits.MemoryStorageBytes, "How much the keys and values of the controller `ms` may take; beyond, writes are refused.");

    public static IReadOnlyList<Setting> All { get; } =
    [
        ConcurrentRequests, RequestsBufferSize, RequestsBufferWarningThreshold, RequestsPerSecond, LoginsPerSecond, DocumentsFetchCount, DocumentsWriteCount, SubscriptionConditionsCount,
        SubscriptionRooms, SubscriptionsPerConnection, SubscriptionDocumentTtl, MemoryStorageSize,
    ];
}
