using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Dates;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.QueryStrings;
using Kuzzle.Edge.Sqlite.Search.Regexps;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>Reads Elasticsearch's query language against the mapping of one collection.</summary>
/// <exception cref="SearchRefusedException">From every method, when the query is wrong or asks for what this store cannot do.</exception>
internal sealed class QueryParser
{
    /// <summary>As in Elasticsearch, for <c>terms</c> and <c>ids</c>.</summary>
    private const int MaxTerms = 65_536;

    /// <summary>Deeper than people write, and far from what SQLite's parser can hold.</summary>
    private const int MaxDepth = 32;

    private static readonly FrozenSet<string> BoolMembers = FrozenSet.Create(
        "must", "filter", "must_not", "mustNot", "should", "minimum_should_match", "boost", "_name", "adjust_pure_negative");

    private readonly FieldMap _fields;
    private readonly DateTimeOffset _now;
    private readonly ClauseBudget _budget;
    private readonly ValueReader _values;
    private int _depth;

    public QueryParser(FieldMap fields, DateTimeOffset now)
        : this(fields, now, new ClauseBudget(), depth: 0)
    {
    }

    private QueryParser(FieldMap fields, DateTimeOffset now, ClauseBudget budget, int depth)
    {
        _fields = fields;
        _now = now;
        _budget = budget;
        _depth = depth;
        _values = new ValueReader(new DateMath(now, TimeZoneInfo.Utc));
    }

    private LeafQueries Leaves => new(_values, _budget);

    /// <summary>The whole query; undefined and <c>{}</c> are everything.</summary>
    public QueryNode ParseRoot(JsonElement query)
    {
        if (query.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return new EveryDocument(1);
        if (query.ValueKind == JsonValueKind.Object && !query.EnumerateObject().MoveNext()) return new EveryDocument(1);
        return Parse(query);
    }

    private static JsonElement Only(JsonElement element, string clause)
    {
        if (element.ValueKind == JsonValueKind.Object) return element;
        throw SearchRefusedException.BadRequest($"[{clause}] query malformed, no start_object after query name");
    }

    private static double Boost(JsonElement options) => options.TryGetProperty("boost", out var boost) ? ValueReader.Real(boost, "boost") : 1;

    private QueryNode Parse(JsonElement query)
    {
        if (query.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("a query must be an object with one clause");
        using var members = query.EnumerateObject();
        if (!members.MoveNext()) throw SearchRefusedException.BadRequest("query malformed, empty clause found");
        var clause = members.Current;
        if (members.MoveNext())
        {
            throw SearchRefusedException.BadRequest(
                $"[{clause.Name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME] ({members.Current.Name})");
        }

        _budget.Spend(1);
        if (++_depth > MaxDepth) throw SearchRefusedException.BadRequest($"the query is nested more than {MaxDepth} levels deep");
        var node = Parse(clause.Name, clause.Value);
        _depth--;
        return node;
    }

    private QueryNode Parse(string clause, JsonElement content) => clause switch
    {
        "match_all" => new EveryDocument(Boost(Only(content, clause))),
        "match_none" => new NoDocument(),
        "term" => ParseTerm(content),
        "terms" => ParseTerms(content),
        "ids" => ParseIds(content),
        "range" => ParseRange(content),
        "exists" => ParseExists(content),
        "bool" => ParseBool(content),
        "constant_score" => ParseConstantScore(content),
        "match" => ParseMatch(content),
        "match_phrase" or "match_phrase_prefix" => ParsePhrase(clause, content),
        "multi_match" => ParseMultiMatch(content),
        "prefix" => ParsePattern(clause, content),
        "wildcard" or "regexp" => ParsePattern(clause, content),
        "nested" => ParseNested(content),
        "geo_distance" or "geo_distance_range" or "geo_bounding_box" or "geo_polygon" => new GeoQueries(_fields).Parse(clause, Only(content, clause)),
        "query_string" => new QueryStringParser(QueryStringOptions.Read(clause, Only(content, clause), _fields, Leaves, _budget)).Parse(),
        "simple_query_string" => new SimpleQueryStringParser(QueryStringOptions.Read(clause, Only(content, clause), _fields, Leaves, _budget)).Parse(),
        _ => throw SearchRefusedException.UnknownKeyword(clause),
    };

    private QueryNode ParseTerm(JsonElement content)
    {
        var (field, value, options) = FieldClause.Read("term", content, ["value"], ["case_insensitive"], _fields);
        if (value.ValueKind == JsonValueKind.Null) throw SearchRefusedException.BadRequest("value cannot be null");
        return options.IgnoresCase
            ? new FieldQuery(new FieldTest(field, TextPattern.Literal(ValueReader.Text(value, field), ignoreCase: true)), options.Boost)
            : Leaves.Equal(field, value, options.Boost);
    }

    private QueryNode ParseTerms(JsonElement content)
    {
        Only(content, "terms");
        JsonProperty? clause = null;
        foreach (var member in content.EnumerateObject())
        {
            if (member.Name is "boost" or "_name") continue;
            if (clause is not null) throw SearchRefusedException.BadRequest("[terms] query does not support multiple fields");
            clause = member;
        }

        if (clause is not { Value.ValueKind: JsonValueKind.Array } given)
        {
            throw SearchRefusedException.BadRequest("[terms] query requires a field with an array of values");
        }

        if (given.Value.GetArrayLength() > MaxTerms) throw SearchRefusedException.BadRequest($"[terms] takes at most {MaxTerms} values");
        return Leaves.OneOf(_fields.Resolve(given.Name), given.Value, Boost(content));
    }

    private IdQuery ParseIds(JsonElement content)
    {
        Only(content, "ids");
        foreach (var member in content.EnumerateObject())
        {
            if (member.Name is not ("values" or "boost" or "_name" or "type")) throw SearchRefusedException.BadRequest($"[ids] unknown field [{member.Name}]");
        }

        if (!content.TryGetProperty("values", out var values)) throw SearchRefusedException.BadRequest("[ids] requires providing a [values] array of ids");
        var id = _fields.Resolve("_id");
        if (values.ValueKind != JsonValueKind.Array) return new IdQuery([ValueReader.Text(values, id)], Boost(content));
        if (values.GetArrayLength() > MaxTerms) throw SearchRefusedException.BadRequest($"[ids] takes at most {MaxTerms} values");
        return new IdQuery([.. values.EnumerateArray().Select(value => ValueReader.Text(value, id))], Boost(content));
    }

    private FieldQuery ParseRange(JsonElement content)
    {
        var (field, bounds) = FieldClause.ReadObject("range", content, _fields);
        var reader = bounds.TryGetProperty("time_zone", out var zone) ? new ValueReader(new DateMath(_now, ValueReader.Zone(zone))) : _values;
        var range = new RangeReader(field, reader).Read(bounds);
        return new FieldQuery(new FieldTest(field, range), Boost(bounds));
    }

    private QueryNode ParseExists(JsonElement content)
    {
        Only(content, "exists");
        if (!content.TryGetProperty("field", out var name) || name.ValueKind != JsonValueKind.String)
        {
            throw SearchRefusedException.BadRequest("[exists] must be provided with a [field]");
        }

        var field = _fields.Resolve(name.GetString()!);
        if (field.Kind == FieldKind.Id) return new EveryDocument(Boost(content));
        return new FieldQuery(new FieldTest(field, new AnyValue()), Boost(content));
    }

    private BoolQuery ParseBool(JsonElement content)
    {
        Only(content, "bool");
        foreach (var member in content.EnumerateObject())
        {
            if (!BoolMembers.Contains(member.Name)) throw SearchRefusedException.BadRequest($"[bool] query does not support [{member.Name}]");
        }

        var must = ParseList(content, "must");
        var filter = ParseList(content, "filter");
        var should = ParseList(content, "should");
        var needed = content.TryGetProperty("minimum_should_match", out var minimum) ? MinimumShouldMatch.Of(minimum, should.Count) : 0;

        // Where nothing else must match, one of them has to, whatever is asked; and where there are none, nothing can be asked of them.
        if (must.Count == 0 && filter.Count == 0) needed = Math.Max(1, needed);
        if (should.Count == 0) needed = 0;
        return new BoolQuery
        {
            Must = must,
            Filter = filter,
            MustNot = [.. ParseList(content, "must_not"), .. ParseList(content, "mustNot")],
            Should = should,
            MinimumShouldMatch = needed,
            Boost = Boost(content),
        };
    }

    private List<QueryNode> ParseList(JsonElement content, string name)
    {
        if (!content.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return [];
        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(Parse)] : [Parse(list)];
    }

    private ConstantScore ParseConstantScore(JsonElement content)
    {
        Only(content, "constant_score");
        if (!content.TryGetProperty("filter", out var filter)) throw SearchRefusedException.BadRequest("[constant_score] requires a 'filter' element");
        return new ConstantScore(Parse(filter), Boost(content));
    }

    private FieldQuery ParseNested(JsonElement content)
    {
        Only(content, "nested");
        JsonElement query = default;
        string? path = null;
        var ignoresUnmapped = false;
        foreach (var member in content.EnumerateObject())
        {
            switch (member.Name)
            {
                case "path" when member.Value.ValueKind == JsonValueKind.String:
                    path = member.Value.GetString();
                    break;
                case "query":
                    query = member.Value;
                    break;
                case "ignore_unmapped":
                    ignoresUnmapped = ValueReader.Boolean(member.Value, member.Name);
                    break;
                case "score_mode" or "boost" or "_name":
                    break;
                default:
                    throw SearchRefusedException.BadRequest($"[nested] query does not support [{member.Name}]");
            }
        }

        if (path is null) throw SearchRefusedException.BadRequest("[nested] requires 'path' field");
        if (query.ValueKind == JsonValueKind.Undefined) throw SearchRefusedException.BadRequest("[nested] requires 'query' field");
        if (_fields.Nested(path) is { } within)
        {
            var inner = new QueryParser(within, _now, _budget, _depth).Parse(query);
            return new FieldQuery(new NestedTest(_fields.Resolve(path).Path, inner), Boost(content));
        }

        return ignoresUnmapped
            ? new FieldQuery(new FieldTest(new Field(path, [], FieldKind.Hidden), new AnyValue()), boost: 0)
            : throw SearchRefusedException.BadRequest($"[nested] failed to find nested object under path [{path}]");
    }

    private QueryNode ParseMatch(JsonElement content)
    {
        string[] optionNames = ["operator", "minimum_should_match", "lenient", "zero_terms_query"];
        var (field, value, options) = FieldClause.Read("match", content, ["query"], optionNames, _fields);
        return Leaves.Match(field, Given(value, "match"), options);
    }

    private QueryNode ParsePhrase(string clause, JsonElement content)
    {
        var (field, value, options) = FieldClause.Read(clause, content, ["query"], ["slop", "max_expansions", "zero_terms_query"], _fields);
        return Leaves.Phrase(field, Given(value, clause), clause is "match_phrase" ? PhraseEnd.Word : PhraseEnd.Prefix, options);
    }

    private BestOf ParseMultiMatch(JsonElement content)
    {
        var multi = MultiMatch.Read(Only(content, "multi_match"), _fields);
        var each = multi.Fields.Select(field =>
            multi.End is { } end ? Leaves.Phrase(field, multi.Value, end, multi.Options) : Leaves.Match(field, multi.Value, multi.Options));
        return new BestOf([.. each], multi.Boost);
    }

    private static JsonElement Given(JsonElement value, string clause) =>
        value.ValueKind == JsonValueKind.Null ? throw SearchRefusedException.BadRequest($"[{clause}] requires a query value") : value;

    private FieldQuery ParsePattern(string clause, JsonElement content)
    {
        var (field, value, options) = FieldClause.Read(clause, content, ["value", clause], clause is "regexp" ? ["case_insensitive", "rewrite", "flags", "max_determinized_states"] : ["case_insensitive", "rewrite"], _fields);
        if (field.Kind is FieldKind.Number or FieldKind.Boolean or FieldKind.Date or FieldKind.Geo)
        {
            throw SearchRefusedException.BadRequest(
                string.Create(CultureInfo.InvariantCulture, $"Can only use {clause} queries on keyword and text fields - not on [{field.Name}]"));
        }

        var text = ValueReader.Text(value, field);
        ValueTest test = clause switch
        {
            "prefix" => TextPattern.Prefix(text, options.IgnoresCase),
            "wildcard" => TextPattern.Wildcard(text, options.IgnoresCase),
            _ => RegexpTest.Of(text, options.IgnoresCase, options.HasRegexpExtras),
        };
        return new FieldQuery(new FieldTest(field, test), options.Boost);
    }
}
