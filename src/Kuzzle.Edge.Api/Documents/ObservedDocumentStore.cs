using System.Collections.Immutable;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>A store whose changes are told to those who asked for it.</summary>
internal sealed class ObservedDocumentStore(IDocumentStore store) : IDocumentStore
{
    private ImmutableArray<IDocumentObserver> _observers = [];

    public Catalogue Catalogue => store.Catalogue;

    /// <summary>Adds somebody who is told from now on.</summary>
    public void Add(IDocumentObserver observer) => ImmutableInterlocked.Update(ref _observers, observers => observers.Add(observer));

    public Task<bool> CreateIndexAsync(string index, CancellationToken cancellationToken) => store.CreateIndexAsync(index, cancellationToken);

    public async Task<IReadOnlyList<string>> DeleteIndexesAsync(IReadOnlyList<string> indexes, CancellationToken cancellationToken)
    {
        var removed = await store.DeleteIndexesAsync(indexes, cancellationToken);
        if (removed.Count > 0) Tell(observer => observer.Removed(removed));
        return removed;
    }

    public Task DefineCollectionAsync(CollectionName name, Func<CollectionDefinition?, CollectionDefinition> define, CancellationToken cancellationToken) =>
        store.DefineCollectionAsync(name, define, cancellationToken);

    public async Task<bool> DeleteCollectionAsync(CollectionName name, CancellationToken cancellationToken)
    {
        var existed = await store.DeleteCollectionAsync(name, cancellationToken);
        if (existed) Tell(observer => observer.Emptied(name));
        return existed;
    }

    public async Task<bool> TruncateAsync(CollectionName name, CancellationToken cancellationToken)
    {
        var existed = await store.TruncateAsync(name, cancellationToken);
        if (existed) Tell(observer => observer.Emptied(name));
        return existed;
    }

    public ValueTask<IReadOnlyList<CollectionSize>> MeasureAsync(IReadOnlyList<CollectionName> collections, CancellationToken cancellationToken) =>
        store.MeasureAsync(collections, cancellationToken);

    public IReadOnlyList<FieldIndexState> IndexesOf(CollectionName collection) => store.IndexesOf(collection);

    public ValueTask<StoredDocument?> FindAsync(CollectionName collection, string id, CancellationToken cancellationToken) => store.FindAsync(collection, id, cancellationToken);

    public ValueTask<IReadOnlyList<StoredDocument?>> FindAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        store.FindAsync(collection, ids, cancellationToken);

    public Task<IReadOnlyList<WriteOutcome>?> WriteAsync(CollectionName collection, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        // Handed on before the first wait: stores take writes in the order of the calls, and notifications rely on it.
        var writing = store.WriteAsync(collection, writes, cancellationToken);
        return _observers.IsEmpty ? writing : TellAsync(collection, writing);
    }

    public Task<IReadOnlyList<WriteOutcome>?> WriteAsync(IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes, CancellationToken cancellationToken)
    {
        var writing = store.WriteAsync(writes, cancellationToken);
        return _observers.IsEmpty ? writing : TellAsync(writes, writing);
    }

    public ValueTask<SearchOutcome> SearchAsync(SearchRequest request, CancellationToken cancellationToken) => store.SearchAsync(request, cancellationToken);

    public ValueTask<IDocumentScroll?> OpenScrollAsync(SearchRequest request, CancellationToken cancellationToken) => store.OpenScrollAsync(request, cancellationToken);

    public ValueTask<SearchOutcome> CountAsync(CollectionName collection, JsonElement query, CancellationToken cancellationToken) =>
        store.CountAsync(collection, query, cancellationToken);

    public ValueTask<DocumentPage> WalkAsync(CollectionName collection, JsonElement query, long after, CancellationToken cancellationToken) =>
        store.WalkAsync(collection, query, after, cancellationToken);

    private async Task<IReadOnlyList<WriteOutcome>?> TellAsync(CollectionName collection, Task<IReadOnlyList<WriteOutcome>?> writing)
    {
        var outcomes = await writing;
        if (outcomes is not null) Tell(observer => observer.Written(collection, outcomes));
        return outcomes;
    }

    private async Task<IReadOnlyList<WriteOutcome>?> TellAsync(
        IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes, Task<IReadOnlyList<WriteOutcome>?> writing)
    {
        if (await writing is not { } outcomes) return null;

        foreach (var collection in outcomes.Select((outcome, place) => (writes[place].Collection, outcome)).GroupBy(static written => written.Collection, static written => written.outcome))
        {
            Tell(observer => observer.Written(collection.Key, [.. collection]));
        }

        return outcomes;
    }

    private void Tell(Action<IDocumentObserver> what)
    {
        foreach (var observer in _observers) what(observer);
    }
}
