using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>
/// Which documents may be different upstream. It holds identifiers only, for what counts is how a document is when it is asked for, not what a notification said of it; so
/// neither the order nor the loss of one matters. Thread-safe, and bounded: beyond, whole collections are compared.
/// </summary>
internal sealed class DirtyDocuments(int max)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CollectionName, HashSet<string>> _ids = [];
    private readonly HashSet<CollectionName> _whole = [];
    private TaskCompletionSource _some = NewSignal();
    private int _count;

    /// <summary>Completes when there is something.</summary>
    public Task WhenSomeAsync()
    {
        lock (_lock) return _some.Task;
    }

    /// <summary>A document may be different.</summary>
    public void Add(CollectionName collection, string id)
    {
        lock (_lock)
        {
            if (_whole.Contains(collection)) return;
            if (_count >= max)
            {
                AddWhole(collection);
                return;
            }

            if (!_ids.TryGetValue(collection, out var ids)) _ids.Add(collection, ids = new HashSet<string>(StringComparer.Ordinal));
            if (ids.Add(id)) _count++;
            _some.TrySetResult();
        }
    }

    /// <summary>Anything of a collection may be different.</summary>
    public void AddAll(CollectionName collection)
    {
        lock (_lock) AddWhole(collection);
    }

    /// <summary>Takes some documents of one collection; null when there are none.</summary>
    public (CollectionName Collection, List<string> Ids)? TakeSome(int most)
    {
        lock (_lock)
        {
            if (_count == 0) return null;

            var (collection, ids) = _ids.First();
            var some = ids.Take(most).ToList();
            ids.ExceptWith(some);
            if (ids.Count == 0) _ids.Remove(collection);
            _count -= some.Count;
            Settle();
            return (collection, some);
        }
    }

    /// <summary>Takes a collection that is to be compared; null when there is none.</summary>
    public CollectionName? TakeWhole()
    {
        lock (_lock)
        {
            if (_whole.Count == 0) return null;

            var collection = _whole.First();
            _whole.Remove(collection);
            Settle();
            return collection;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void AddWhole(CollectionName collection)
    {
        if (_ids.Remove(collection, out var ids)) _count -= ids.Count;
        _whole.Add(collection);
        _some.TrySetResult();
    }

    private void Settle()
    {
        if (_count == 0 && _whole.Count == 0) _some = NewSignal();
    }
}
