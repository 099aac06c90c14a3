using System.Collections.Immutable;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Testing;

/// <summary>
/// A document store without a disk: one lock, documents in order of insertion, and a plain evaluation of the simple clauses (match_all, term, terms, ids, range,
/// exists, bool). For the tests of the parts above the store; the store that ships is tested against its own.
/// </summary>
public sealed class InMemoryDocumentStore : IDocumentStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CollectionName, List<StoredDocument>> _documents = [];
    private readonly Dictionary<(CollectionName Collection, string Id), long> _places = [];
    private long _lastPlace;

    public Catalogue Catalogue { get; private set; } = Catalogue.Empty;

    /// <summary>How many times a collection was defined; each would be a commit on a disk.</summary>
    public int Definitions { get; private set; }

    /// <summary>How many steps walks have taken.</summary>
    public int Steps { get; private set; }

    /// <summary>When set, every write fails with it, as on a full disk.</summary>
    public string? Failure { get; set; }

    /// <summary>What writes of documents and deletions of indexes wait for, as on a slow disk. Complete unless a test says otherwise.</summary>
    public Task Disk { get; set; } = Task.CompletedTask;

    /// <summary>When set, so many commits succeed and all others fail, as on a disk that breaks.</summary>
    public int? CommitsLeft { get; set; }

    /// <summary>When set, a write fails with it, as by a fault of the store's own.</summary>
    public Exception? Fault { get; set; }

    /// <summary>When set, every look-up fails with it, as on a disk that is gone.</summary>
    public string? ReadFailure { get; set; }


    public Task<bool> CreateIndexAsync(string index, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfFailing();
            if (Catalogue.TryGetIndex(index, out _)) return Task.FromResult(false);
            Put(NewIndex(index));
            return Task.FromResult(true);
        }
    }

    public async Task<IReadOnlyList<string>> DeleteIndexesAsync(IReadOnlyList<string> indexes, CancellationToken cancellationToken)
    {
        await Disk;
        lock (_lock)
        {
            ThrowIfFailing();
            var found = indexes.Where(index => Catalogue.TryGetIndex(index, out _)).Distinct(StringComparer.Ordinal).ToList();
            Catalogue = new Catalogue(Catalogue.Indexes.RemoveAll(entry => found.Contains(entry.Name)));
            foreach (var name in _documents.Keys.Where(name => found.Contains(name.Index)).ToList()) _documents.Remove(name);
            return found;
        }
    }

    public Task DefineCollectionAsync(CollectionName name, Func<CollectionDefinition?, CollectionDefinition> define, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfFailing();
            var index = Catalogue.TryGetIndex(name.Index, out var known) ? known : NewIndex(name.Index);
            var isKnown = index.Collections.TryGetValue(name.Collection, out var before);
            Put(index with
            {
                CollectionNames = isKnown ? index.CollectionNames : index.CollectionNames.Add(name.Collection),
                Collections = index.Collections.SetItem(name.Collection, define(before)),
            });
            _documents.TryAdd(name, []);
            Definitions++;
            return Task.CompletedTask;
        }
    }

    public Task<bool> DeleteCollectionAsync(CollectionName name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfFailing();
            if (!_documents.Remove(name) || !Catalogue.TryGetIndex(name.Index, out var index)) return Task.FromResult(false);
            Put(index with { CollectionNames = index.CollectionNames.Remove(name.Collection), Collections = index.Collections.Remove(name.Collection) });
            return Task.FromResult(true);
        }
    }

    public Task<bool> TruncateAsync(CollectionName name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfFailing();
            if (!_documents.TryGetValue(name, out var documents)) return Task.FromResult(false);
            documents.Clear();
            return Task.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<CollectionSize>> MeasureAsync(IReadOnlyList<CollectionName> collections, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<CollectionSize>>(
                [.. collections.Select(name => _documents.GetValueOrDefault(name, [])).Select(found => new CollectionSize(found.Count, found.Sum(document => (long)document.Json.Length)))]);
        }
    }

    public ValueTask<StoredDocument?> FindAsync(CollectionName collection, string id, CancellationToken cancellationToken)
    {
        if (ReadFailure is { } failure) throw new DocumentStoreException(failure);
        lock (_lock) return ValueTask.FromResult(Find(collection, id));
    }

    public ValueTask<IReadOnlyList<StoredDocument?>> FindAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        lock (_lock) return ValueTask.FromResult<IReadOnlyList<StoredDocument?>>([.. ids.Select(id => Find(collection, id))]);
    }

    public async Task<IReadOnlyList<WriteOutcome>?> WriteAsync(CollectionName collection, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        await Disk;
        lock (_lock)
        {
            ThrowIfFailing();
            return _documents.TryGetValue(collection, out var documents) ? [.. writes.Select(write => Apply(collection, documents, write))] : null;
        }
    }

    public async Task<IReadOnlyList<WriteOutcome>?> WriteAsync(IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes, CancellationToken cancellationToken)
    {
        await Disk;
        lock (_lock)
        {
            ThrowIfFailing();
            return writes.All(write => _documents.ContainsKey(write.Collection)) ? [.. writes.Select(write => Apply(write.Collection, _documents[write.Collection], write.Write))] : null;
        }
    }

    public ValueTask<SearchOutcome> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var query = MemberOf(request.Body, "query");
            if (UnknownKeywordOf(query) is { } keyword) return ValueTask.FromResult(SearchOutcome.Refused(StorageErrors.UnknownQueryKeyword(keyword)));

            var matches = request.Targets
                .SelectMany(target => _documents.GetValueOrDefault(target, []).Select(document => (Target: target, Document: document)))
                .Where(found => Matches(query, found.Document))
                .ToList();
            double? score = MemberOf(request.Body, "sort").ValueKind == JsonValueKind.Undefined ? 1 : null;
            var page = matches.Skip(request.From).Take(request.Size).Select(found => new SearchHit(found.Target, found.Document, Source: null, score));
            return ValueTask.FromResult(new SearchOutcome(Refusal: null, [.. page], matches.Count, Aggregations: null));
        }
    }

    public async ValueTask<IDocumentScroll?> OpenScrollAsync(SearchRequest request, CancellationToken cancellationToken) =>
        new InMemoryScroll(await SearchAsync(request with { Size = int.MaxValue }, cancellationToken));

    public async ValueTask<SearchOutcome> CountAsync(CollectionName collection, JsonElement query, CancellationToken cancellationToken)
    {
        var body = query.ValueKind == JsonValueKind.Object ? JsonElement.Parse($$"""{"query":{{query.GetRawText()}}}""") : default;
        return await SearchAsync(new SearchRequest { Targets = [collection], Body = body, Size = 0 }, cancellationToken);
    }

    public ValueTask<DocumentPage> WalkAsync(CollectionName collection, JsonElement query, long after, CancellationToken cancellationToken)
    {
        const int Step = 3; // small, so that tests take more than one
        lock (_lock)
        {
            Steps++;
            if (UnknownKeywordOf(query) is { } keyword) return ValueTask.FromResult(new DocumentPage(StorageErrors.UnknownQueryKeyword(keyword), [], Next: null));

            var page = _documents.GetValueOrDefault(collection, [])
                .Where(document => _places[(collection, document.Id)] > after && Matches(query, document))
                .OrderBy(document => _places[(collection, document.Id)])
                .Take(Step)
                .ToList();
            return ValueTask.FromResult(new DocumentPage(Refusal: null, page, page.Count < Step ? null : _places[(collection, page[^1].Id)]));
        }
    }

    private static IndexEntry NewIndex(string name) => new(name, [], ImmutableDictionary.Create<string, CollectionDefinition>(StringComparer.Ordinal));

    private WriteOutcome Apply(CollectionName collection, List<StoredDocument> documents, DocumentWrite write)
    {
        var at = documents.FindIndex(document => document.Id == write.Id);
        var before = at < 0 ? null : documents[at];
        var change = write.Apply(before);
        switch (change.Kind)
        {
            case DocumentChangeKind.Put:
                var after = new StoredDocument(write.Id, change.Json, (before?.Version ?? 0) + 1);
                if (at < 0) _places[(collection, write.Id)] = ++_lastPlace;
                if (at < 0) documents.Add(after);
                else documents[at] = after;
                return new WriteOutcome(change.Kind, before, after);
            case DocumentChangeKind.Delete:
                documents.RemoveAt(at);
                return new WriteOutcome(change.Kind, before, After: null);
            default:
                return new WriteOutcome(change.Kind, before, before);
        }
    }

    private void Put(IndexEntry entry)
    {
        var at = Catalogue.Indexes.FindIndex(index => index.Name == entry.Name);
        Catalogue = new Catalogue(at < 0 ? Catalogue.Indexes.Add(entry) : Catalogue.Indexes.SetItem(at, entry));
    }

    private StoredDocument? Find(CollectionName collection, string id) =>
        _documents.TryGetValue(collection, out var documents) ? documents.Find(document => document.Id == id) : null;

    private void ThrowIfFailing()
    {
        if (Failure is { } failure) throw new DocumentStoreException(failure);
        if (Fault is { } fault) throw fault;
        if (CommitsLeft is 0) throw new DocumentStoreException("the disk is broken");
        CommitsLeft--;
    }

    private static string? UnknownKeywordOf(JsonElement query)
    {
        if (query.ValueKind != JsonValueKind.Object) return null;
        foreach (var clause in query.EnumerateObject())
        {
            if (clause.Name is not ("match_all" or "term" or "terms" or "ids" or "range" or "exists" or "bool")) return clause.Name;
            if (clause.Name != "bool") continue;
            var nested = clause.Value.EnumerateObject().SelectMany(list => ListOf(list.Value)).Select(UnknownKeywordOf).FirstOrDefault(found => found is not null);
            if (nested is not null) return nested;
        }

        return null;
    }

    private static bool Matches(JsonElement query, StoredDocument document)
    {
        if (query.ValueKind != JsonValueKind.Object) return true;
        return query.EnumerateObject().All(clause => clause.Name switch
        {
            "match_all" => true,
            "term" => clause.Value.EnumerateObject().All(field => ValuesOf(document, field.Name).Any(value => AreEqual(value, TermOf(field.Value)))),
            "terms" => clause.Value.EnumerateObject().All(
                field => ValuesOf(document, field.Name).Any(value => field.Value.EnumerateArray().Any(wanted => AreEqual(value, wanted)))),
            "ids" => MemberOf(clause.Value, "values").EnumerateArray().Any(id => id.ValueEquals(document.Id)),
            "range" => clause.Value.EnumerateObject().All(field => ValuesOf(document, field.Name).Any(value => IsWithin(value, field.Value))),
            "exists" => ValuesOf(document, MemberOf(clause.Value, "field").GetString()!).Any(),
            _ => MatchesBool(clause.Value, document),
        });
    }

    private static bool MatchesBool(JsonElement clauses, StoredDocument document)
    {
        var should = ListOf(MemberOf(clauses, "should")).ToList();
        var must = ListOf(MemberOf(clauses, "must")).Concat(ListOf(MemberOf(clauses, "filter"))).ToList();
        return must.TrueForAll(query => Matches(query, document))
            && !ListOf(MemberOf(clauses, "must_not")).Any(query => Matches(query, document))
            && (should.Count == 0 || must.Count > 0 || should.Exists(query => Matches(query, document)));
    }

    private static IEnumerable<JsonElement> ListOf(JsonElement queries) => queries.ValueKind switch
    {
        JsonValueKind.Array => queries.EnumerateArray(),
        JsonValueKind.Object => [queries],
        _ => [],
    };

    private static IEnumerable<JsonElement> ValuesOf(StoredDocument document, string path)
    {
        if (path == "_id") return [JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(document.Id))];

        var value = document.Source;
        foreach (var name in path.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return [];
        }

        var values = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
        return values.Where(element => element.ValueKind != JsonValueKind.Null);
    }

    private static JsonElement TermOf(JsonElement term) => term.ValueKind == JsonValueKind.Object ? MemberOf(term, "value") : term;

    private static bool AreEqual(JsonElement left, JsonElement right) => left.ValueKind == JsonValueKind.Number && right.ValueKind == JsonValueKind.Number
        ? left.GetDouble() == right.GetDouble()
        : JsonElement.DeepEquals(left, right);

    private static bool IsWithin(JsonElement value, JsonElement bounds) =>
        value.ValueKind == JsonValueKind.Number
        && bounds.EnumerateObject().All(bound => bound.Name switch
        {
            "gt" => value.GetDouble() > bound.Value.GetDouble(),
            "gte" => value.GetDouble() >= bound.Value.GetDouble(),
            "lt" => value.GetDouble() < bound.Value.GetDouble(),
            _ => value.GetDouble() <= bound.Value.GetDouble(),
        });

    private static JsonElement MemberOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
}
