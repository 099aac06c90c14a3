namespace Kuzzle.Edge.Devices.Sensors.Publishing;

/// <summary>What a device still has to tell, oldest first. Safe from any thread.</summary>
internal sealed class PublicationQueue
{
    /// <summary>Kept while the store refuses: an hour at one each 10 s. Beyond it the oldest is given up, and counted.</summary>
    public const int MaxWaiting = 360;

    private readonly Lock _gate = new();
    private readonly LinkedList<Publication> _waiting = new();
    private long _dropped;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>How many were given up.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds one, in place of what it makes worthless.</summary>
    public void Add(Publication publication)
    {
        lock (_gate)
        {
            if (publication.Replaces is { } key)
            {
                for (var node = _waiting.First; node is not null; node = node.Next)
                {
                    if (node.Value.Replaces != key) continue;
                    _waiting.Remove(node);
                    break;
                }
            }

            _waiting.AddLast(publication);
            if (_waiting.Count <= MaxWaiting) return;

            _waiting.RemoveFirst();
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>The oldest, as many as can be told together: a message alone, documents of one collection up to <paramref name="most"/>.</summary>
    public IReadOnlyList<Publication> Peek(int most)
    {
        lock (_gate)
        {
            if (_waiting.First is not { } first) return [];
            if (first.Value.Id is null || _waiting.Count == 1) return [first.Value];

            return [.. _waiting.Take(most).TakeWhile(publication => publication.Id is not null && publication.Collection == first.Value.Collection)];
        }
    }

    /// <summary>It was told. Nothing happens when it has been replaced or given up meanwhile.</summary>
    public void Remove(Publication publication)
    {
        lock (_gate) _waiting.Remove(publication);
    }
}
