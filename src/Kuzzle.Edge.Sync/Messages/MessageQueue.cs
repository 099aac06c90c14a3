using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync.Messages;

/// <summary>
/// Messages that wait for the upstream on the disk, in the order in which they were committed: documents of the hidden index. Bounded; when it is full, the oldest make room.
/// May be used from any thread.
/// </summary>
internal sealed class MessageQueue(IDocumentStore store, MessageOptions options)
{
    private static readonly CollectionName Collection = new(InternalIndex.Name, "upstream-messages");

    private readonly Lock _lock = new();
    private Task? _opening;
    private int _trimmers;
    private long _count;
    private long _bytes;
    private long _dropped;

    /// <summary>How many wait.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How many bytes they have.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many have made room for others since the process began.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Counts what an earlier process has left, once; whoever comes meanwhile waits for it. What failed is tried again by the next caller.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        Task opening;
        lock (_lock) opening = _opening = _opening is null or { IsFaulted: true } ? CountAsync() : _opening;
        await opening.WaitAsync(cancellationToken);
    }

    /// <summary>Keeps a message. On the disk when it returns.</summary>
    public async Task AddAsync(WaitingMessage message, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await store.DefineIfMissingAsync(Collection, CollectionDefinition.Unsearched, cancellationToken);
        var json = message.ToJson();
        if (await store.WriteAsync(Collection, [new MessageWrite(message.Key, json)], cancellationToken) is null) throw new DocumentStoreException($"{Collection} is missing.");

        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, json.Length);
        if (Count > options.MaxCount || Bytes > options.MaxBytes) await TrimAsync(cancellationToken);
    }

    /// <summary>The oldest, at most <paramref name="max"/>; they stay until <see cref="RemoveAsync"/>.</summary>
    public async Task<IReadOnlyList<WaitingMessage>> PeekAsync(int max, CancellationToken cancellationToken)
    {
        if (Count == 0) return [];

        var page = await store.WalkAsync(Collection, query: default, after: 0, cancellationToken);
        var messages = new List<WaitingMessage>();
        var unreadable = new List<StoredDocument>();
        foreach (var document in page.Documents.Take(max))
        {
            if (WaitingMessage.Read(document) is { } message) messages.Add(message);
            else unreadable.Add(document);
        }

        if (unreadable.Count > 0) Interlocked.Add(ref _dropped, await RemoveAsync([.. unreadable.Select(static document => document.Id)]));
        return messages;
    }

    /// <summary>Forgets messages, and answers how many there were. Not cancellable: what was sent must not be sent again for the sake of a pause.</summary>
    public async Task<long> RemoveAsync(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0) return 0;

        var outcomes = await store.WriteAsync(Collection, [.. keys.Select(static key => new MessageWrite(key, json: null))], CancellationToken.None) ?? [];
        var removed = outcomes.Where(static outcome => outcome.Kind == DocumentChangeKind.Delete).ToList();
        Interlocked.Add(ref _count, -removed.Count);
        Interlocked.Add(ref _bytes, -removed.Sum(static outcome => (long)(outcome.Before?.Json.Length ?? 0)));
        return removed.Count;
    }

    private async Task CountAsync()
    {
        var (count, bytes) = (0L, 0L);
        for (long? after = 0; after is { } place && store.Catalogue.TryGetCollection(Collection, out _);)
        {
            var page = await store.WalkAsync(Collection, query: default, place, CancellationToken.None);
            count += page.Documents.Count;
            bytes += page.Documents.Sum(static document => (long)document.Json.Length);
            after = page.Next;
        }

        Interlocked.Exchange(ref _count, count);
        Interlocked.Exchange(ref _bytes, bytes);
    }

    /// <summary>One at a time: who finds somebody at it is seen to by that one.</summary>
    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _trimmers, 1) == 1) return;

        try
        {
            while (Count > options.MaxCount || Bytes > options.MaxBytes)
            {
                var page = await store.WalkAsync(Collection, query: default, after: 0, cancellationToken);
                var (count, bytes) = (Count, Bytes);
                var surplus = new List<string>();
                foreach (var document in page.Documents)
                {
                    if (count <= options.MaxCount && bytes <= options.MaxBytes) break;

                    surplus.Add(document.Id);
                    count--;
                    bytes -= document.Json.Length;
                }

                if (surplus.Count == 0) return;

                Interlocked.Add(ref _dropped, await RemoveAsync(surplus));
            }
        }
        finally
        {
            Volatile.Write(ref _trimmers, 0);
        }
    }

    /// <summary>Puts a message there, or takes it away.</summary>
    private sealed class MessageWrite(string key, ReadOnlyMemory<byte>? json) : DocumentWrite(key)
    {
        public override DocumentChange Apply(StoredDocument? current) => json is { } put ? DocumentChange.Put(put) : current is null ? DocumentChange.None : DocumentChange.Delete;
    }
}
