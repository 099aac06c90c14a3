using Kuzzle.Edge.Api.Outbox;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Says when there is no room: at most once a minute, for a full outbox refuses every write of every device. Belongs to the writer's thread.</summary>
internal sealed partial class OverflowLog(OutboxBounds bounds, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _dropped;
    private long _refused;
    private long? _saidAt;

    public void Note(OutboxTotals totals)
    {
        var (dropped, refused) = (totals.Dropped - _dropped, totals.Refused - _refused);
        if ((dropped == 0 && refused == 0) || (_saidAt is { } last && clock.GetElapsedTime(last) < Pause)) return;

        (_dropped, _refused, _saidAt) = (totals.Dropped, totals.Refused, clock.GetTimestamp());
        if (dropped > 0) LogDropped(dropped, totals.Entries, bounds.MaxEntries, totals.Bytes, bounds.MaxBytes);
        if (refused > 0) LogRefused(refused, totals.Entries, bounds.MaxEntries, totals.Bytes, bounds.MaxBytes);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Gave up the oldest {Count} changes that may be dropped, for want of room in the outbox (now {Entries} of {MaxEntries} entries, {Bytes} of {MaxBytes} bytes)")]
    private partial void LogDropped(long count, long entries, long maxEntries, long bytes, long maxBytes);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Refused {Count} writes for want of room on the disk or in the outbox ({Entries} of {MaxEntries} entries, {Bytes} of {MaxBytes} bytes wait for the upstream)")]
    private partial void LogRefused(long count, long entries, long maxEntries, long bytes, long maxBytes);
}
