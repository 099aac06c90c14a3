using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sync.Tests;

/// <summary>An outbox without a disk, with the documents that it is about.</summary>
internal sealed class InMemoryOutbox : IOutbox, IReplica
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(CollectionName, string), OutboxEntry> _entries = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sequence;

    public List<(string Id, string Reason)> Parked { get; } = [];

    public List<string> Deferred { get; } = [];

    /// <summary>What was delivered, and is to be so once more.</summary>
    public List<string> Repeated { get; } = [];

    /// <summary>What asking for entries ends in; null: in entries.</summary>
    public Exception? PeekFault { get; set; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _entries.Count == 0;
        }
    }

    public void Put(string collection, string id, string json, UpstreamMark? known = null, int priority = 0) =>
        Change(collection, id, new StoredDocument(id, Encoding.UTF8.GetBytes(json), 1), known, priority);

    public void Tell(CollectionName collection, string? id, JsonElement message) => throw new NotSupportedException("Nobody listens here.");

    public void Delete(string collection, string id) => Change(collection, id, document: null, known: null);

    public ValueTask<long> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return ValueTask.FromResult((long)_entries.Count);
    }

    public ValueTask<IReadOnlyList<OutboxEntry>> PeekAsync(int max, int leastPriority, CancellationToken cancellationToken)
    {
        if (PeekFault is { } fault) throw fault;

        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<OutboxEntry>>(
                [.. Due.Where(entry => entry.Priority >= leastPriority).OrderByDescending(entry => entry.Priority).ThenBy(entry => entry.Sequence).Take(max)]);
        }
    }

    public ValueTask<int?> FindUrgencyAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return ValueTask.FromResult(Due.Max(entry => (int?)entry.Priority));
    }

    public OutboxTotals Totals
    {
        get
        {
            lock (_lock) return OutboxTotals.Nothing with { Entries = _entries.Count, Parked = Parked.Count };
        }
    }

    public Task<long> DropParkedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var count = Parked.Count;
            Parked.Clear();
            return Task.FromResult((long)count);
        }
    }

    public ValueTask<IReadOnlyList<UploadedDocument>> UploadedAsync(CollectionName collection, DateTimeOffset before, int max, CancellationToken cancellationToken) =>
        throw new NotSupportedException("It knows no marks.");

    public ValueTask<OutboxBacklog> MeasureAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return ValueTask.FromResult(new OutboxBacklog(_entries.Count, Deferred.Count, Parked.Count, OldestSince: null));
    }

    public ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<ParkedEntry>>(
                [.. Parked.Take(max).Select(parked => new ParkedEntry(default, parked.Id, parked.Reason, DateTimeOffset.UnixEpoch))]);
        }
    }

    /// <summary>Deferred entries are tried again after this call, not by the clock.</summary>
    public Task DeferAsync(IReadOnlyList<OutboxEntry> entries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                var key = (entry.Collection, entry.Id);
                if (!_entries.TryGetValue(key, out var now) || now.Sequence != entry.Sequence) continue;

                _entries[key] = now with { Attempts = now.Attempts + 1 };
                Deferred.Add(entry.Id);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The second delivery is up to the test.</summary>
    public Task RepeatAsync(IReadOnlyList<OutboxEntry> delivered, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Repeated.AddRange(delivered.Select(entry => entry.Id));
        return RemoveAsync(delivered, cancellationToken);
    }

    public Task<long> RetryAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var count = Deferred.Count;
            Deferred.Clear();
            Announce();
            return Task.FromResult((long)count);
        }
    }

    public ValueTask<IReadOnlyDictionary<string, UpstreamMark>> MarksAsync(
        CollectionName collection, string after, string? last, IReadOnlyList<string> ids, CancellationToken cancellationToken) => throw new NotSupportedException("It knows no marks.");

    public Task<IReadOnlyList<WriteOutcome>?> TakeAsync(CollectionName collection, IReadOnlyList<UpstreamWrite> writes, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing comes down to it.");

    public Task EnqueueAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        throw new NotSupportedException("It has entries, but no documents.");

    public Task<long?> EnqueueAllAsync(CollectionName collection, CancellationToken cancellationToken) => throw new NotSupportedException("It has entries, but no documents.");

    public Task<long?> EnqueueAnewAsync(CollectionName collection, CancellationToken cancellationToken) => throw new NotSupportedException("It has entries, but no documents.");

    /// <summary>It knows no marks.</summary>
    public Task ForgetMarksAsync(Func<CollectionName, bool> isMeant, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What waits here was put here by the test.</summary>
    public Task ChangeRoutesAsync(Func<CollectionName, UpstreamRoute> routeOf, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<long> CountMarksAsync(CollectionName collection, CancellationToken cancellationToken) => throw new NotSupportedException("It knows no marks.");

    public Task RemoveAsync(IReadOnlyList<OutboxEntry> delivered, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var entry in delivered) Remove(entry);
        }

        return Task.CompletedTask;
    }

    public Task ParkAsync(OutboxEntry entry, string reason, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Remove(entry);
            Parked.Add((entry.Id, reason));
        }

        return Task.CompletedTask;
    }

    public Task WaitForEntriesAsync(int leastPriority, CancellationToken cancellationToken)
    {
        lock (_lock) return Due.Any(entry => entry.Priority >= leastPriority) ? Task.CompletedTask : _arrived.Task.WaitAsync(cancellationToken);
    }

    private void Change(string collection, string id, StoredDocument? document, UpstreamMark? known, int priority = 0)
    {
        var name = new CollectionName("plant", collection);
        lock (_lock)
        {
            _entries[(name, id)] = new OutboxEntry(++_sequence, name, id, document) { Known = known, Priority = priority };
            Announce();
        }
    }

    private IEnumerable<OutboxEntry> Due => _entries.Values.Where(entry => !Deferred.Contains(entry.Id));

    private void Announce()
    {
        _arrived.TrySetResult();
        _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Remove(OutboxEntry entry)
    {
        var key = (entry.Collection, entry.Id);
        if (_entries.TryGetValue(key, out var now) && now.Sequence == entry.Sequence) _entries.Remove(key);
    }
}
