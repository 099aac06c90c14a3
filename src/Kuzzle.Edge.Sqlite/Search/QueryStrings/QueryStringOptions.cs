using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Queries;
using Kuzzle.Edge.Sqlite.Search.Regexps;
using Kuzzle.Edge.Sqlite.Search.Sources;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.QueryStrings;

/// <summary>What a <c>query_string</c> or <c>simple_query_string</c> says beside its text, and what its words become.</summary>
internal sealed class QueryStringOptions
{
    private readonly FieldMap _map;
    private readonly LeafQueries _leaves;
    private readonly ClauseBudget _budget;
    private FieldClauseOptions _clauseOptions = new();
    private IReadOnlyList<Field> _fields;
    private bool _isLenient = true;

    private QueryStringOptions(string clause, FieldMap map, LeafQueries leaves, ClauseBudget budget)
    {
        Clause = clause;
        _map = map;
        _leaves = leaves;
        _budget = budget;
        _fields = [.. map.Matching(new PathPattern("*")).Where(static field => field.Kind is not FieldKind.Geo)];
    }

    public string Clause { get; }

    public string Text { get; private set; } = "";

    /// <summary>Whether words that nothing connects must all be there.</summary>
    public bool NeedsAll { get; private set; }

    public double Boost { get; private set; } = 1;

    public JsonElement? MinimumShouldMatch { get; private set; }

    public static QueryStringOptions Read(string clause, JsonElement content, FieldMap map, LeafQueries leaves, ClauseBudget budget)
    {
        var options = new QueryStringOptions(clause, map, leaves, budget);
        var hasText = false;
        foreach (var member in content.EnumerateObject())
        {
            switch (member.Name)
            {
                case "query" when member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number:
                    options.Text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
                    hasText = true;
                    break;
                case "fields" or "default_field":
                    options.ReadFields(member.Value);
                    break;
                case "default_operator":
                    options.NeedsAll = FieldClause.With(new FieldClauseOptions(), clause, "operator", member.Value).NeedsAll;
                    break;
                case "lenient":
                    options._isLenient = ValueReader.Boolean(member.Value, member.Name);
                    break;
                case "minimum_should_match":
                    options.MinimumShouldMatch = member.Value;
                    break;
                case "boost":
                    options.Boost = ValueReader.Real(member.Value, member.Name);
                    break;
                case "phrase_slop":
                    options._clauseOptions = FieldClause.With(options._clauseOptions, clause, "slop", member.Value);
                    break;
                case "analyze_wildcard" or "allow_leading_wildcard" or "_name" or "type" or "flags" or "tie_breaker" or "auto_generate_synonyms_phrase_query"
                    or "escape" or "enable_position_increments" or "rewrite" or "quote_field_suffix" or "max_determinized_states":
                    break;
                default:
                    throw SearchRefusedException.BadRequest($"[{clause}] query does not support [{member.Name}]");
            }
        }

        return hasText ? options : throw SearchRefusedException.BadRequest($"[{clause}] must be provided with a [query]");
    }

    /// <summary>A word or several that the text had without quotes.</summary>
    public QueryNode Words(string? field, string text) =>
        Of(field, one => _leaves.Match(one, TextOf(text), _clauseOptions with { NeedsAll = NeedsAll }), isText: false);

    public QueryNode Phrase(string? field, string text, int? slop) =>
        Of(field, one => _leaves.Phrase(one, TextOf(text), PhraseEnd.Word, slop is { } given ? _clauseOptions with { Slop = given } : _clauseOptions), isText: false);

    /// <summary>Words, of which the last goes on.</summary>
    public QueryNode Prefix(string? field, string text) => Of(field, one => Pattern(one, TextPattern.Prefix(Normal(one, text), ignoreCase: false)), isText: true);

    public QueryNode Wildcard(string? field, string text) =>
        Of(field, one => Pattern(one, TextPattern.Wildcard(Normal(one, text), ignoreCase: false)), isText: true);

    public QueryNode Regexp(string? field, string expression)
    {
        var test = RegexpTest.Of(expression, ignoreCase: false, hasExtras: true);
        return Of(field, one => Pattern(one, test), isText: true);
    }

    public QueryNode Range(string? field, JsonElement bounds) => Of(field, one => _leaves.Range(one, bounds), isText: false);

    public QueryNode Exists(string field)
    {
        var found = _map.Resolve(field);
        return found.Kind == FieldKind.Id ? new EveryDocument(1) : new FieldQuery(new FieldTest(found, new AnyValue()), 1);
    }

    public static JsonElement TextOf(string text)
    {
        using var document = JsonDocument.Parse($"\"{JsonEncodedText.Encode(text)}\"");
        return document.RootElement.Clone();
    }

    private static FieldQuery Pattern(Field field, ValueTest test) => new(new FieldTest(field, test), 1);

    /// <summary>The words of a text are in lower case.</summary>
    private static string Normal(Field field, string text) => field.Kind == FieldKind.Text ? text.ToLowerInvariant() : text;

    private QueryNode Of(string? name, Func<Field, QueryNode> make, bool isText)
    {
        if (name is not null && !name.Contains('*', StringComparison.Ordinal))
        {
            _budget.Spend(1);
            var field = _map.Resolve(name);
            return isText && !IsText(field) ? throw SearchRefusedException.BadRequest($"[{Clause}] patterns need a keyword or text field, not [{name}]") : make(field);
        }

        var fields = name is null ? _fields : [.. _map.Matching(new PathPattern(name)).Where(static field => field.Kind is not FieldKind.Geo)];
        _budget.Spend(fields.Count);
        var queries = new List<QueryNode>();
        foreach (var field in fields)
        {
            if (isText && !IsText(field)) continue;
            try
            {
                queries.Add(make(field));
            }
            catch (SearchRefusedException) when (_isLenient)
            {
                // A field that cannot hold such a value holds none that matches.
                continue;
            }
        }

        return queries.Count == 1 ? queries[0] : new BestOf(queries, 1);
    }

    private static bool IsText(Field field) => field.Kind is FieldKind.Keyword or FieldKind.Text or FieldKind.Any or FieldKind.Id or FieldKind.Hidden;

    private void ReadFields(JsonElement names)
    {
        IEnumerable<JsonElement> list = names.ValueKind == JsonValueKind.Array ? names.EnumerateArray() : [names];
        var fields = new List<Field>();
        _isLenient = false;
        foreach (var name in list)
        {
            if (name.ValueKind != JsonValueKind.String) throw SearchRefusedException.BadRequest($"[{Clause}] fields must be names of fields");
            var bare = name.GetString()!.Split('^')[0];
            if (!bare.Contains('*', StringComparison.Ordinal))
            {
                fields.Add(_map.Resolve(bare));
                continue;
            }

            _isLenient = true;
            fields.AddRange(_map.Matching(new PathPattern(bare)).Where(static field => field.Kind is not FieldKind.Geo));
        }

        _fields = fields;
    }
}
