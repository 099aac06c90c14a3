using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>Reads one filter: its operators, and by the readers of clauses the rest. A method that answers null has left the reason.</summary>
internal sealed class FilterParser
{
    private const string SeveralKeywords = "Invalid filter syntax. Filters must have one keyword only";

    private readonly ParseState _state;
    private readonly ValueClauses _values;
    private readonly RegexpClause _regexp;
    private readonly GeoClauses _places;

    public FilterParser(int maxConditions)
    {
        _state = new ParseState(maxConditions);
        _values = new ValueClauses(_state);
        _regexp = new RegexpClause(_state);
        _places = new GeoClauses(_state);
    }

    public string? Refusal => _state.Refusal;

    public Expression? Parse(JsonElement filter)
    {
        var root = ParseRoot(filter);
        return root is not null && _state.IsWithinLimit() ? root : null;
    }

    /// <summary>Whatever Kuzzle takes for an object without members is the empty filter, which matches everything.</summary>
    private Expression? ParseRoot(JsonElement filter) => filter.ValueKind switch
    {
        JsonValueKind.Object when filter.GetPropertyCount() > 0 => ParseFilter(filter, isNegated: false),
        JsonValueKind.Array when filter.GetArrayLength() > 0 => ParseForeign(filter.GetArrayLength()),
        JsonValueKind.String when JsonText.Of(filter) is { IsEmpty: false } text => ParseForeign(text.ToString().Length),
        _ => Constant.Everything,
    };

    /// <summary>Kuzzle sees a text or list as an object with its positions for keywords.</summary>
    private Expression? ParseForeign(int length)
    {
        if (length > 1) return _state.Refuse(SeveralKeywords);

        _state.Path.Push("0");
        return _state.Refuse("unknown keyword");
    }

    private Expression? ParseFilter(JsonElement filter, bool isNegated)
    {
        if (filter.GetPropertyCount() != 1) return _state.Refuse(SeveralKeywords);

        _state.TryGetSingle(filter, out var member);
        var keyword = JsonText.NameOf(member).ToString();
        _state.Path.Push(keyword);
        var expression = ParseClause(keyword, member.Value, isNegated);
        _state.Path.Pop();
        return expression;
    }

    private Expression? ParseClause(string keyword, JsonElement argument, bool isNegated) => keyword switch
    {
        "and" => ParseOperands(argument, isConjunction: true, isNegated),
        "or" => ParseOperands(argument, isConjunction: false, isNegated),
        "not" => _state.RequireMembers(argument, 1) ? ParseFilter(argument, !isNegated) : null,
        "bool" => ParseBool(argument, isNegated),
        "equals" or "term" => _values.ParseEquals(argument, isNegated), // term is the word of this product's users
        "in" => _values.ParseIn(argument, isNegated),
        "ids" => _values.ParseIds(argument, isNegated),
        "exists" => _values.ParseExists(argument, isNegated),
        "missing" => _values.ParseExists(argument, !isNegated),
        "range" => _values.ParseRange(argument, isNegated),
        "match" => _values.ParseMatch(argument, isNegated),
        "regexp" => _regexp.Parse(argument, isNegated),
        "select" => ParseSelect(argument, isNegated),
        "geoBoundingBox" => _places.ParseBox(argument, isNegated),
        "geoDistance" => _places.ParseDistance(argument, isNegated),
        "geoDistanceRange" => _places.ParseDistanceRange(argument, isNegated),
        "geoPolygon" => _places.ParsePolygon(argument, isNegated),
        "nothing" => _state.Count(isNegated ? Constant.Everything : Constant.Nothing),
        _ => _state.Refuse("unknown keyword"),
    };

    private Expression? ParseOperands(JsonElement list, bool isConjunction, bool isNegated)
    {
        if (list.ValueKind != JsonValueKind.Array) return _state.Refuse("must be an array");
        if (list.GetArrayLength() == 0) return _state.Refuse("cannot be empty");
        if (ParseEach([.. list.EnumerateArray()], isNegated) is not { } operands) return null;

        return isConjunction != isNegated ? Expression.All(operands) : Expression.Any(operands);
    }

    private List<Expression>? ParseEach(List<JsonElement> filters, bool isNegated)
    {
        if (!filters.TrueForAll(static filter => filter.ValueKind == JsonValueKind.Object && filter.GetPropertyCount() > 0))
        {
            _state.Fail("can only contain non-empty objects");
            return null;
        }

        List<Expression> operands = [];
        foreach (var filter in filters)
        {
            if (ParseFilter(filter, isNegated) is not { } operand) return null;

            operands.Add(operand);
        }

        return operands;
    }

    private Expression? ParseBool(JsonElement argument, bool isNegated)
    {
        if (!_state.RequireFilledObject(argument)) return null;

        foreach (var member in argument.EnumerateObject())
        {
            var name = JsonText.NameOf(member).ToString();
            if (name is "must" or "must_not" or "should" or "should_not") continue;

            return _state.Refuse($"\"{name}\" is not an allowed attribute (allowed: must,must_not,should,should_not)");
        }

        _state.Path.Push("and");
        var expression = ParseBoolLists(argument, isNegated);
        _state.Path.Pop();
        return expression;
    }

    /// <summary>Refusals show the lists as the operators they stand for.</summary>
    private Expression? ParseBoolLists(JsonElement argument, bool isNegated)
    {
        List<JsonElement> must = [];
        if (ParseState.TryGetFilled(argument, "must"u8, out var list))
        {
            if (list.ValueKind == JsonValueKind.Array) must.AddRange(list.EnumerateArray());
            else must.Add(list);
        }

        if (ParseEach(must, isNegated) is not { } operands) return null;
        if (ParseState.TryGetFilled(argument, "must_not"u8, out list) && !ParseBoolList(list, operands, ["not", "or"], isConjunction: false, !isNegated)) return null;
        if (ParseState.TryGetFilled(argument, "should"u8, out list) && !ParseBoolList(list, operands, ["or"], isConjunction: false, isNegated)) return null;
        if (ParseState.TryGetFilled(argument, "should_not"u8, out list) && !ParseBoolList(list, operands, ["not", "and"], isConjunction: true, !isNegated)) return null;
        if (operands.Count == 0) return _state.Refuse("cannot be empty");

        return isNegated ? Expression.Any(operands) : Expression.All(operands);
    }

    private bool ParseBoolList(JsonElement list, List<Expression> others, ReadOnlySpan<string> steps, bool isConjunction, bool isNegated)
    {
        foreach (var step in steps) _state.Path.Push(step);
        var expression = ParseOperands(list, isConjunction, isNegated);
        foreach (var _ in steps) _state.Path.Pop();
        if (expression is not null) others.Add(expression);
        return expression is not null;
    }

    private Expression? ParseSelect(JsonElement argument, bool isNegated)
    {
        if (!_state.RequireMembers(argument, 3) || !_state.TryGetText(argument, "field"u8, out var field)) return null;
        if (!TryReadIndex(argument, out var index)) return null;

        JsonText.TryGetMember(argument, "query"u8, out var query); // undefined when absent, which is no object
        _state.Path.Push("query");
        var inner = _state.RequireFilledObject(query) ? ParseQuery(query) : null;
        _state.Path.Pop();
        if (inner is null) return null;
        if (ReferenceEquals(inner, Constant.Nothing)) return _state.Count(isNegated ? Constant.Everything : Constant.Nothing);

        return _state.Count(new Literal(new SelectCondition(field, index, inner), isNegated));
    }

    private bool TryReadIndex(JsonElement argument, out double index)
    {
        var isNumber = JsonText.TryGetMember(argument, "index"u8, out var element) && element.ValueKind == JsonValueKind.Number;
        index = isNumber ? element.GetDouble() + 0.0 : 0;
        if (!isNumber) return _state.FailAt(Utf8Text.From("index"), "must be an integer");

        return double.IsInteger(index) || _state.FailAt(Utf8Text.From("index"), "cannot have decimals, must be an integer");
    }

    /// <summary>A select is one condition, and its query may have as many as a filter.</summary>
    private Expression? ParseQuery(JsonElement query)
    {
        var outside = _state.Conditions;
        _state.Conditions = 0;
        var inner = ParseFilter(query, isNegated: false);
        if (inner is null || !_state.IsWithinLimit()) return null;

        _state.Conditions = outside;
        return inner;
    }
}
