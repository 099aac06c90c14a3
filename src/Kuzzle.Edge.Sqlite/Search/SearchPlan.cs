using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Search.Aggregations;
using Kuzzle.Edge.Sqlite.Search.Highlighting;
using Kuzzle.Edge.Sqlite.Search.Queries;
using Kuzzle.Edge.Sqlite.Search.Rows;
using Kuzzle.Edge.Sqlite.Search.Sorting;
using Kuzzle.Edge.Sqlite.Search.Sources;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>A search made ready to run: read, checked, and put in SQL; or the reason why it cannot be.</summary>
internal sealed class SearchPlan
{
    /// <summary>As many SELECTs as SQLite joins in one statement.</summary>
    private const int MaxTargets = 500;

    /// <summary>What a search body may ask for that this store cannot do.</summary>
    private static readonly string[] Unsupported = ["suggest"];

    private static readonly JsonElement NoBody = JsonElement.Parse("{}");

    private readonly SearchRequest _request;
    private readonly DateTimeOffset _now;
    private JsonElement? _counted;

    private SearchPlan(SearchRequest request, IReadOnlyList<CollectionTable> tables, DateTimeOffset now)
    {
        _request = request;
        _now = now;
        Tables = tables;
    }

    /// <summary>The answer, when there is nothing to run.</summary>
    public ApiError? Refusal { get; private init; }

    public IReadOnlyList<CollectionTable> Tables { get; }

    public int Size => _request.Size;

    public int From => _request.From;

    /// <summary>Answers the number of matches.</summary>
    public SearchStatement? Count { get; private init; }

    /// <summary>Whether every document of the targets matches, so that the number of matches is theirs.</summary>
    public bool MatchesEverything { get; private init; }

    /// <summary>Answers target, row and score of each hit of the page.</summary>
    public SearchStatement? Page { get; private init; }

    /// <summary>Whether the page starts after a given hit, so that its length says nothing about the total.</summary>
    public bool ContinuesAfter { get; private init; }

    /// <summary>Whether hits have a score: not when they are sorted by something else.</summary>
    public bool IsScored { get; private init; }

    public SourceFilter? Source { get; private init; }

    /// <summary>The query as each collection reads it, without a <c>post_filter</c>.</summary>
    public IReadOnlyList<QueryNode> Queries { get; private init; } = [];

    public IReadOnlyList<Aggregation> Aggregations { get; private init; } = [];

    /// <summary>Whether the answer has the member, be it empty.</summary>
    public bool HasAggregations { get; private init; }

    /// <summary>Answers target, row, identifier and source of every match, for the aggregations.</summary>
    public SearchStatement? Candidates { get; private init; }

    /// <summary>The first way to try for a sorted page, or null.</summary>
    public SortedWalk? Walk { get; private init; }

    /// <summary>The indexes whose state the statements rely on.</summary>
    public IReadOnlyCollection<FieldIndex> UsedIndexes { get; private init; } = [];

    /// <summary>Where the matches come from, when there is one collection; for the aggregations.</summary>
    public MatchSource? Only { get; private init; }

    /// <summary>A collection each of whose documents is looked into, and for the sake of which fields; or null.</summary>
    public (CollectionTable Table, string Fields)? Scan { get; private init; }

    public Highlighter? Highlighter { get; private init; }

    public static SearchPlan OfCount(JsonElement query, IReadOnlyList<CollectionTable> tables, DateTimeOffset now)
    {
        var request = new SearchRequest { Targets = [], Size = 0 };
        try
        {
            var sources = SourcesOf(QueriesOf(query, tables, now), tables, out var used);
            return new SearchPlan(request, tables, now)
            {
                Count = CountOf(sources),
                MatchesEverything = MatchEverything(sources),
                UsedIndexes = used,
                Scan = ScanOf(sources),
                _counted = query,
            };
        }
        catch (SearchRefusedException refused)
        {
            return new SearchPlan(request, tables, now) { Refusal = refused.Refusal };
        }
    }

    public static SearchPlan Of(SearchRequest request, IReadOnlyList<CollectionTable> tables, DateTimeOffset now)
    {
        try
        {
            return Read(request, tables, now);
        }
        catch (SearchRefusedException refused)
        {
            return new SearchPlan(request, tables, now) { Refusal = refused.Refusal };
        }
    }

    /// <summary>The same search without a target that is no longer there.</summary>
    public SearchPlan Without(CollectionTable table)
    {
        List<CollectionTable> left = [.. Tables.Where(other => other != table)];
        return _counted is { } query ? OfCount(query, left, _now) : Of(_request, left, _now);
    }

    /// <summary>The same search by the documents alone.</summary>
    public SearchPlan WithoutIndexes()
    {
        List<CollectionTable> bare = [.. Tables.Select(static table => table.With([]))];
        return _counted is { } query ? OfCount(query, bare, _now) : Of(_request, bare, _now);
    }

    private static SearchPlan Read(SearchRequest request, IReadOnlyList<CollectionTable> tables, DateTimeOffset now)
    {
        var body = request.Body.ValueKind == JsonValueKind.Object ? request.Body : default;
        if (body.ValueKind == JsonValueKind.Undefined) body = NoBody;
        foreach (var name in Unsupported)
        {
            if (!body.TryGetProperty(name, out var value) || !IsAsked(value)) continue;
            throw SearchRefusedException.BadRequest($"this store does not support [{name}] in a search");
        }

        if (tables.Count > MaxTargets) throw SearchRefusedException.BadRequest($"a search can have at most {MaxTargets} collections");
        var sort = body.TryGetProperty("sort", out var keys) ? SortParser.Parse(keys) : [];
        var after = Member(body, "search_after");
        var queries = QueriesOf(Member(body, "query"), tables, now);
        var shown = queries;
        if (body.TryGetProperty("post_filter", out var post) && IsAsked(post))
        {
            shown = [.. QueriesOf(post, tables, now).Select((filter, target) => new BoolQuery { Must = [queries[target]], Filter = [filter] })];
        }

        List<FieldMap> maps = [.. tables.Select(static table => table.Fields)];
        CheckAggregationNames(body);
        var aggregations = maps.Count == 0 ? [] : new AggregationParser(maps, now).Parse(body.TryGetProperty("aggs", out var asked) ? asked : Member(body, "aggregations"));
        var collapse = body.TryGetProperty("collapse", out var groups) && IsAsked(groups) ? CollapseField.Read(groups) : null;
        var highlighter = body.TryGetProperty("highlight", out var marks) && IsAsked(marks) ? Highlighter.Of(marks, maps) : null;
        var sources = SourcesOf(shown, tables, out var used);
        var (unfiltered, usedByQuery) = (sources, used);
        if (!ReferenceEquals(shown, queries)) unfiltered = SourcesOf(queries, tables, out usedByQuery);
        if (aggregations.Count > 0 && unfiltered is [var only])
        {
            // What the aggregations may be answered by is relied on as well.
            foreach (var index in tables[0].Indexes) only.Lookup.Find(index.Field);
        }

        var isScored = sort.Count == 0 || sort.Exists(static key => key.IsScore);
        var continues = after.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        if (continues && request.From > 0) throw SearchRefusedException.BadRequest("`from` parameter must be set to 0 when `search_after` is used");
        return new SearchPlan(request, tables, now)
        {
            Count = CountOf(sources),
            MatchesEverything = MatchEverything(sources),
            Page = request.Size == 0 ? null : new PageBuilder(sources, sort, now) { Collapse = collapse }.Build(after, request.From, request.Size),
            Walk = request.Size == 0 || collapse is not null ? null : SortedWalk.Of(sources, sort, now, after, request.From, request.Size),
            UsedIndexes = [.. used, .. usedByQuery],
            Only = unfiltered.Count == 1 ? unfiltered[0] : null,
            Scan = ScanOf(sources),
            ContinuesAfter = continues || collapse is not null,
            IsScored = isScored,
            Source = SourceFilter.Of(body),
            Queries = queries,
            Aggregations = aggregations,
            HasAggregations = Member(body, "aggs").ValueKind == JsonValueKind.Object || Member(body, "aggregations").ValueKind == JsonValueKind.Object,
            Candidates = aggregations.Count == 0 ? null : CandidatesOf(unfiltered),
            Highlighter = highlighter,
        };
    }

    private static JsonElement Member(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value : default;

    /// <summary>An empty object or list asks for nothing.</summary>
    private static bool IsAsked(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.Object => value.EnumerateObject().MoveNext(),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    private static List<QueryNode> QueriesOf(JsonElement query, IReadOnlyList<CollectionTable> tables, DateTimeOffset now) =>
        [.. tables.Select(table => new QueryParser(table.Fields, now).ParseRoot(query))];

    private static void CheckAggregationNames(JsonElement body)
    {
        if (Member(body, "aggs").ValueKind == JsonValueKind.Object && Member(body, "aggregations").ValueKind == JsonValueKind.Object)
        {
            throw SearchRefusedException.BadRequest("[aggs] and [aggregations] are the same; use one of them");
        }
    }

    private static List<MatchSource> SourcesOf(List<QueryNode> queries, IReadOnlyList<CollectionTable> tables, out IReadOnlyCollection<FieldIndex> used)
    {
        var sources = queries.Select((query, i) => new MatchSource(tables[i], query, new RowLookup(tables[i]))).ToList();
        used = sources is [var only] ? only.Lookup.Used : [.. sources.SelectMany(static source => source.Lookup.Used)];
        return sources;
    }

    /// <summary>Which fields make a search look into every document of a collection.</summary>
    private static (CollectionTable Table, string Fields)? ScanOf(List<MatchSource> sources)
    {
        foreach (var source in sources)
        {
            if (!source.IsScan) continue;
            var fields = new SortedSet<string>(StringComparer.Ordinal);
            source.Query.ShowReasons(test => fields.Add(test.Searched.Name));
            return (source.Table, string.Join(", ", fields));
        }

        return null;
    }

    private static SearchStatement CandidatesOf(List<MatchSource> sources)
    {
        var sql = new SearchSql();
        var text = string.Join(" UNION ALL ", sources.Select((source, i) =>
            string.Create(CultureInfo.InvariantCulture, $"SELECT {i}, d.seq, d.id, d.source FROM {source.Documents(sql)}")));
        return new SearchStatement(text, sql);
    }

    private static bool MatchEverything(List<MatchSource> sources) => sources.TrueForAll(static source => source.Query.IsEverything);

    private static SearchStatement CountOf(List<MatchSource> sources)
    {
        var sql = new SearchSql();
        return new SearchStatement($"SELECT 0{string.Concat(sources.Select(source => $" + (SELECT count(*) FROM {source.Sequence(sql)})"))}", sql);
    }
}
