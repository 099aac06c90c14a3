using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Geography;
using Kuzzle.Edge.Koncorde.Regexps;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>Reads one filter. A method that answers null has left the reason in <see cref="Refusal"/>.</summary>
internal sealed class FilterParser(int maxConditions)
{
    private readonly ClausePath _path = new();
    private int _conditions;

    public string? Refusal { get; private set; }

    public Expression? Parse(JsonElement filter)
    {
        var root = ParseRoot(filter);
        return root is null || _conditions <= maxConditions ? root : RefuseComplexity();
    }

    private Expression? RefuseComplexity()
    {
        Refusal = string.Create(
            CultureInfo.InvariantCulture,
            $"Filter too complex: exceeds the configured maximum number of conditions (conditions: {_conditions}, max: {maxConditions})");
        return null;
    }

    private Expression? ParseRoot(JsonElement filter)
    {
        switch (filter.ValueKind)
        {
            case JsonValueKind.Object when filter.GetPropertyCount() > 0:
                return ParseFilter(filter, isNegated: false);
            case JsonValueKind.Array when filter.GetArrayLength() > 0:
                return ParseForeign(filter.GetArrayLength());
            case JsonValueKind.String when JsonText.Of(filter) is { IsEmpty: false } text:
                return ParseForeign(text.ToString().Length);
            default:
                return Constant.Everything;
        }
    }

    /// <summary>Kuzzle sees a text or list as an object with its positions for keywords.</summary>
    private Expression? ParseForeign(int length)
    {
        if (length > 1) return Refuse("Invalid filter syntax. Filters must have one keyword only");

        _path.Push("0");
        return Refuse("unknown keyword");
    }

    private Expression? ParseFilter(JsonElement filter, bool isNegated)
    {
        if (filter.GetPropertyCount() != 1) return Refuse("Invalid filter syntax. Filters must have one keyword only");

        var member = FirstMember(filter);
        var keyword = JsonText.NameOf(member).ToString();
        _path.Push(keyword);
        var expression = ParseClause(keyword, member.Value, isNegated);
        _path.Pop();
        return expression;
    }

    private Expression? ParseClause(string keyword, JsonElement argument, bool isNegated) => keyword switch
    {
        "and" => ParseOperands(argument, isConjunction: true, isNegated),
        "or" => ParseOperands(argument, isConjunction: false, isNegated),
        "not" => RequireSingleMember(argument) ? ParseFilter(argument, !isNegated) : null,
        "bool" => ParseBool(argument, isNegated),
        "equals" or "term" => ParseEquals(argument, isNegated),
        "in" => RequireSingleMember(argument) ? ParseIn(FirstMember(argument), field: null, isNegated) : null,
        "ids" => ParseIds(argument, isNegated),
        "exists" => ParseExists(argument, isNegated),
        "missing" => ParseExists(argument, !isNegated),
        "range" => ParseRange(argument, isNegated),
        "regexp" => ParseRegexp(argument, isNegated),
        "match" => ParseMatch(argument, isNegated),
        "select" => ParseSelect(argument, isNegated),
        "geoBoundingBox" => ParseGeoBox(argument, isNegated),
        "geoDistance" => ParseGeoDistance(argument, isNegated),
        "geoDistanceRange" => ParseGeoDistanceRange(argument, isNegated),
        "geoPolygon" => ParseGeoPolygon(argument, isNegated),
        "nothing" => Count(isNegated ? Constant.Everything : Constant.Nothing),
        "everything" => Count(isNegated ? Constant.Nothing : Constant.Everything),
        _ => Refuse("unknown keyword"),
    };

    private Expression? ParseOperands(JsonElement list, bool isConjunction, bool isNegated)
    {
        if (list.ValueKind != JsonValueKind.Array) return Refuse("must be an array");
        if (list.GetArrayLength() == 0) return Refuse("cannot be empty");

        List<JsonElement> filters = [.. list.EnumerateArray()];
        if (!filters.TrueForAll(IsFilledObject)) return Refuse("can only contain non-empty objects");
        if (ParseEach(filters, isNegated) is not { } operands) return null;

        return isConjunction != isNegated ? Expression.All(operands) : Expression.Any(operands);
    }

    private List<Expression>? ParseEach(List<JsonElement> filters, bool isNegated)
    {
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
        if (!RequireFilledObject(argument)) return null;

        foreach (var member in argument.EnumerateObject())
        {
            var name = JsonText.NameOf(member).ToString();
            if (name is "must" or "must_not" or "should" or "should_not") continue;

            return Refuse($"\"{name}\" is not an allowed attribute (allowed: must,must_not,should,should_not)");
        }

        _path.Push("and");
        var expression = ParseBoolLists(argument, isNegated);
        _path.Pop();
        return expression;
    }

    private Expression? ParseBoolLists(JsonElement argument, bool isNegated)
    {
        List<JsonElement> must = [];
        if (TryGetFilled(argument, "must"u8, out var list))
        {
            if (list.ValueKind == JsonValueKind.Array) must.AddRange(list.EnumerateArray());
            else must.Add(list);
        }

        if (!must.TrueForAll(IsFilledObject)) return Refuse("can only contain non-empty objects");
        if (ParseEach(must, isNegated) is not { } operands) return null;
        if (TryGetFilled(argument, "must_not"u8, out list) && !ParseBoolList(list, operands, ["not", "or"], isConjunction: false, !isNegated)) return null;
        if (TryGetFilled(argument, "should"u8, out list) && !ParseBoolList(list, operands, ["or"], isConjunction: false, isNegated)) return null;
        if (TryGetFilled(argument, "should_not"u8, out list) && !ParseBoolList(list, operands, ["not", "and"], isConjunction: true, !isNegated)) return null;
        if (operands.Count == 0) return Refuse("cannot be empty");

        return isNegated ? Expression.Any(operands) : Expression.All(operands);
    }

    private bool ParseBoolList(JsonElement list, List<Expression> others, ReadOnlySpan<string> steps, bool isConjunction, bool isNegated)
    {
        foreach (var step in steps) _path.Push(step);
        var expression = ParseOperands(list, isConjunction, isNegated);
        foreach (var _ in steps) _path.Pop();
        if (expression is not null) others.Add(expression);
        return expression is not null;
    }

    private Expression? ParseEquals(JsonElement argument, bool isNegated)
    {
        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        var field = JsonText.NameOf(member);
        return Scalar.TryRead(member.Value, out var value)
            ? Count(new Literal(new EqualsCondition(field, value), isNegated))
            : RefuseBelow(field, "must either be a string, a number, a boolean, or null");
    }

    private Expression? ParseIds(JsonElement argument, bool isNegated)
    {
        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        return member.NameEquals("values") ? ParseIn(member, Utf8Text.From("_id"), isNegated) : Refuse("the property \"values\" is missing");
    }

    private Expression? ParseIn(JsonProperty member, Utf8Text? field, bool isNegated)
    {
        var name = JsonText.NameOf(member);
        if (member.Value.ValueKind != JsonValueKind.Array) return RefuseBelow(name, "must be an array");
        if (member.Value.GetArrayLength() == 0) return RefuseBelow(name, "cannot be empty");

        List<Expression> operands = [];
        foreach (var value in member.Value.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.String) return RefuseBelow(name, "must hold only values of type \"string\"");

            operands.Add(Count(new Literal(new EqualsCondition(field ?? name, Scalar.Of(JsonText.Of(value))), isNegated)));
        }

        return isNegated ? Expression.All(operands) : Expression.Any(operands);
    }

    private Expression? ParseExists(JsonElement argument, bool isNegated)
    {
        if (argument.ValueKind == JsonValueKind.String)
        {
            var path = JsonText.Of(argument);
            return path.IsEmpty ? Refuse("cannot test empty field name") : ParseMemberPath(path, isNegated);
        }

        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        if (!member.NameEquals("field")) return Refuse("the property \"field\" is missing");

        _path.Push("field");
        var expression = ParseOldExists(member.Value, isNegated);
        _path.Pop();
        return expression;
    }

    private Expression? ParseOldExists(JsonElement field, bool isNegated)
    {
        if (field.ValueKind != JsonValueKind.String) return Refuse("must be a string");

        var path = JsonText.Of(field);
        return path.IsEmpty ? Refuse("cannot be empty") : ParseMemberPath(path, isNegated);
    }

    private Expression? ParseMemberPath(Utf8Text path, bool isNegated)
    {
        var hasMember = MemberPath.TrySplit(path, out var field, out var member);
        field = MemberPath.Unescape(field);
        if (!hasMember) return Count(new Literal(new ExistsCondition(field), isNegated));
        if (!MemberPath.TryReadMember(member, out var value)) return Refuse($"contains an invalid array value (\"{member}\")");
        if (value is not { } scalar) return Count(isNegated ? Constant.Everything : Constant.Nothing);

        return Count(new Literal(new MemberCondition(field, scalar), isNegated));
    }

    private Expression? ParseRange(JsonElement argument, bool isNegated)
    {
        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        var field = JsonText.NameOf(member);
        _path.Push(field.ToString());
        var expression = RequireFilledObject(member.Value) && TryReadInterval(member.Value, out var interval)
            ? Count(new Literal(new RangeCondition(field, interval), isNegated))
            : null;
        _path.Pop();
        return expression;
    }

    private bool TryReadInterval(JsonElement bounds, out Interval interval)
    {
        interval = default;
        foreach (var bound in bounds.EnumerateObject())
        {
            var name = JsonText.NameOf(bound).ToString();
            if (name is not ("gt" or "gte" or "lt" or "lte")) return Fail($"\"{name}\" is not an allowed attribute (allowed: gt,gte,lt,lte)");
        }

        foreach (var bound in bounds.EnumerateObject())
        {
            if (bound.Value.ValueKind != JsonValueKind.Number) return FailBelow(JsonText.NameOf(bound), "must be a number");
        }

        double? above = NumberAt(bounds, "gt"u8), from = NumberAt(bounds, "gte"u8), below = NumberAt(bounds, "lt"u8), to = NumberAt(bounds, "lte"u8);
        if (above is not null && from is not null) return Fail("only 1 lower boundary allowed");
        if (below is not null && to is not null) return Fail("only 1 upper boundary allowed");
        if ((above ?? from) >= (below ?? to)) return Fail("lower boundary must be strictly inferior to the upper one");

        var low = above is { } exclusive ? Interval.JustAbove(exclusive) : from ?? double.NegativeInfinity;
        var high = below is { } limit ? Interval.JustBelow(limit) : to ?? double.PositiveInfinity;
        interval = new Interval(low, high);
        return true;
    }

    private static double? NumberAt(JsonElement container, ReadOnlySpan<byte> name) =>
        JsonText.TryGetMember(container, name, out var number) ? number.GetDouble() : null;

    private Expression? ParseRegexp(JsonElement argument, bool isNegated)
    {
        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        var field = JsonText.NameOf(member);
        _path.Push(field.ToString());
        var regexp = ParsePattern(member.Value);
        _path.Pop();
        return regexp is null ? null : Count(new Literal(new RegexpCondition(field, regexp), isNegated));
    }

    private Regexp? ParsePattern(JsonElement argument)
    {
        if (argument.ValueKind == JsonValueKind.String) return ParsePattern(argument, flags: null);
        if (argument.ValueKind != JsonValueKind.Object) return RefuseRegexp("must be either a string or a non-empty object");
        if (argument.GetPropertyCount() == 0) return RefuseRegexp("must be a non-empty object");
        if (!JsonText.TryGetMember(argument, "value"u8, out var value)) return RefuseRegexp("the property \"value\" is missing");

        foreach (var attribute in argument.EnumerateObject())
        {
            var name = JsonText.NameOf(attribute).ToString();
            if (name is not ("value" or "flags")) return RefuseRegexp($"\"{name}\" is not an allowed attribute (allowed: flags,value)");
        }

        if (!TryGetFilled(argument, "flags"u8, out var flags)) return ParsePattern(value, flags: null);
        if (flags.ValueKind == JsonValueKind.String) return ParsePattern(value, JsonText.Of(flags).ToString());

        FailBelow(Utf8Text.From("flags"), "must be a string");
        return null;
    }

    private Regexp? ParsePattern(JsonElement value, string? flags)
    {
        var error = "Expected string, Buffer, RegExp, or RE2 as the 1st argument.";
        if (value.ValueKind == JsonValueKind.String && Regexp.TryParse(JsonText.Of(value), flags ?? string.Empty, out var regexp, out error)) return regexp;

        var text = value.ValueKind == JsonValueKind.String ? JsonText.Of(value).ToString() : JsonText.Compact(value);
        return RefuseRegexp($"cannot parse regexp expression \"/{text}/{flags ?? "undefined"}\" ({error})");
    }

    private Regexp? RefuseRegexp(string reason)
    {
        Fail(reason);
        return null;
    }

    private Expression? ParseMatch(JsonElement argument, bool isNegated)
    {
        if (!RequireFilledObject(argument)) return null;

        List<Expression> operands = [];
        foreach (var member in argument.EnumerateObject())
        {
            var field = JsonText.NameOf(member);
            Condition condition = Wanted.From(member.Value) switch
            {
                WantedScalar { Value: var value } => new EqualsCondition(field, value),
                var wanted => new MatchCondition(field, wanted),
            };
            operands.Add(new Literal(condition, isNegated));
        }

        return Count(isNegated ? Expression.Any(operands) : Expression.All(operands));
    }

    private Expression? ParseSelect(JsonElement argument, bool isNegated)
    {
        if (!RequireMembers(argument, 3)) return null;
        if (!TryGetText(argument, "field"u8, out var field)) return null;
        if (!JsonText.TryGetMember(argument, "index"u8, out var index) || index.ValueKind != JsonValueKind.Number) return RefuseAt("index", "must be an integer");
        if (!double.IsInteger(index.GetDouble())) return RefuseAt("index", "cannot have decimals, must be an integer");
        if (!JsonText.TryGetMember(argument, "query"u8, out var query)) return RefuseAt("query", "must be an object");

        _path.Push("query");
        var inner = RequireFilledObject(query) ? ParseQuery(query) : null;
        _path.Pop();
        if (inner is null) return null;
        if (ReferenceEquals(inner, Constant.Nothing)) return Count(isNegated ? Constant.Everything : Constant.Nothing);

        return Count(new Literal(new SelectCondition(field, index.GetDouble() + 0.0, inner), isNegated));
    }

    /// <summary>A select is one condition, and its query may have as many as a filter.</summary>
    private Expression? ParseQuery(JsonElement query)
    {
        var outside = _conditions;
        _conditions = 0;
        var inner = ParseFilter(query, isNegated: false);
        if (inner is not null && _conditions > maxConditions) return RefuseComplexity();

        _conditions = outside;
        return inner;
    }

    private Expression? ParseGeoDistance(JsonElement argument, bool isNegated)
    {
        if (!RequireMembers(argument, 2)) return null;
        if (!JsonText.TryGetMember(argument, "distance"u8, out _)) return Refuse("the property \"distance\" is missing");
        if (!TryGetText(argument, "distance"u8, out var distance)) return null;

        var place = OtherMember(argument, "distance", "distance");
        if (!TryReadPoint(place, out var centre) || !TryReadDistance(distance, out var radius)) return null;

        return CountShape(place, new GeoRing(centre, inner: null, radius), isNegated);
    }

    private Expression? ParseGeoDistanceRange(JsonElement argument, bool isNegated)
    {
        if (!RequireMembers(argument, 3)) return null;
        if (!JsonText.TryGetMember(argument, "from"u8, out _)) return Refuse("the property \"from\" is missing");
        if (!JsonText.TryGetMember(argument, "to"u8, out _)) return Refuse("the property \"to\" is missing");
        if (!TryGetText(argument, "from"u8, out var from) || !TryGetText(argument, "to"u8, out var to)) return null;
        if (!TryReadDistance(from, out var inner) || !TryReadDistance(to, out var outer)) return null;

        var place = OtherMember(argument, "from", "to");
        if (!TryReadPoint(place, out var centre)) return null;
        if (inner >= outer) return Refuse("inner radius must be smaller than outer radius");

        return CountShape(place, new GeoRing(centre, inner, outer), isNegated);
    }

    private Expression? ParseGeoBox(JsonElement argument, bool isNegated)
    {
        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        if (!GeoBoxReader.TryRead(member.Value, out var box, out var reason)) return RefuseBelow(JsonText.NameOf(member), reason);
        if (box.Top <= box.Bottom) return RefuseBelow(JsonText.NameOf(member), "top must be greater than bottom");
        if (box.Left >= box.Right) return RefuseBelow(JsonText.NameOf(member), "right must be greater than left; a box over the antimeridian has a right beyond 180");

        return CountShape(member, box, isNegated);
    }

    private Expression? ParseGeoPolygon(JsonElement argument, bool isNegated)
    {
        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        _path.Push(JsonText.NameOf(member).ToString());
        var polygon = ParsePolygon(member.Value);
        _path.Pop();
        return polygon is null ? null : CountShape(member, polygon, isNegated);
    }

    private GeoPolygon? ParsePolygon(JsonElement argument)
    {
        if (!RequireSingleMember(argument)) return null;

        var member = FirstMember(argument);
        if (!member.NameEquals("points")) return RefusePolygon("the property \"points\" is missing");

        _path.Push("points");
        var polygon = ParsePoints(member.Value);
        _path.Pop();
        return polygon;
    }

    private GeoPolygon? ParsePoints(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) return RefusePolygon("must be an array");
        if (list.GetArrayLength() < 3) return RefusePolygon("at least 3 points are required to build a polygon");

        List<GeoPoint> points = [];
        foreach (var element in list.EnumerateArray())
        {
            if (!GeoPointReader.TryRead(element, out var point)) return RefusePolygon($"unrecognized point format \"{JsonText.Compact(element)}\"");

            points.Add(point);
        }

        if (points[0] == points[^1]) points.RemoveAt(points.Count - 1); // closed by itself
        return new GeoPolygon([.. points]);
    }

    private GeoPolygon? RefusePolygon(string reason)
    {
        Fail(reason);
        return null;
    }

    private Literal CountShape(JsonProperty place, GeoShape shape, bool isNegated)
    {
        _conditions++;
        return new Literal(new GeoCondition(JsonText.NameOf(place), shape), isNegated);
    }

    private bool TryReadPoint(JsonProperty place, out GeoPoint point) =>
        GeoPointReader.TryRead(place.Value, out point) || FailBelow(JsonText.NameOf(place), "unrecognized point format");

    private bool TryReadDistance(Utf8Text text, out double metres)
    {
        if (DistanceReader.TryRead(text.ToString(), out metres)) return true;

        Refusal = $"unable to parse distance value \"{text}\"";
        return false;
    }

    private bool TryGetText(JsonElement container, ReadOnlySpan<byte> name, out Utf8Text text)
    {
        var isText = JsonText.TryGetMember(container, name, out var value) && value.ValueKind == JsonValueKind.String;
        text = isText ? JsonText.Of(value) : default;
        if (!isText) return FailBelow(new Utf8Text(name.ToArray()), "must be a string");

        return !text.IsEmpty || FailBelow(new Utf8Text(name.ToArray()), "cannot be empty");
    }

    private static JsonProperty OtherMember(JsonElement container, string name, string otherName) =>
        container.EnumerateObject().First(member => !member.NameEquals(name) && !member.NameEquals(otherName));

    private Expression? RefuseAt(string step, string reason) => RefuseBelow(Utf8Text.From(step), reason);

    private static JsonProperty FirstMember(JsonElement element)
    {
        var members = element.EnumerateObject();
        members.MoveNext();
        return members.Current;
    }

    private static bool IsFilledObject(JsonElement element) => element.ValueKind == JsonValueKind.Object && element.GetPropertyCount() > 0;

    /// <summary>Finds a member; null, and what else counts as false in Kuzzle's language, means that it is absent.</summary>
    private static bool TryGetFilled(JsonElement container, ReadOnlySpan<byte> name, out JsonElement value) =>
        JsonText.TryGetMember(container, name, out value) && value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.Number => value.GetDouble() != 0,
            JsonValueKind.String => !JsonText.Of(value).IsEmpty,
            _ => true,
        };

    private bool RequireFilledObject(JsonElement argument)
    {
        if (argument.ValueKind != JsonValueKind.Object) return Fail("must be an object");

        return argument.GetPropertyCount() > 0 || Fail("must be a non-empty object");
    }

    private bool RequireSingleMember(JsonElement argument) => RequireMembers(argument, 1);

    private bool RequireMembers(JsonElement argument, int count)
    {
        if (argument.ValueKind != JsonValueKind.Object) return Fail("must be an object");

        var actual = argument.GetPropertyCount();
        var noun = count == 1 ? "property" : "properties";
        return actual == count || Fail(string.Create(CultureInfo.InvariantCulture, $"expected object to have exactly {count} {noun}, got {actual}"));
    }

    private Expression Count(Expression condition)
    {
        _conditions++;
        return condition;
    }

    private Expression? Refuse(string reason)
    {
        Refusal = _path.Describe(reason);
        return null;
    }

    private Expression? RefuseBelow(Utf8Text step, string reason)
    {
        FailBelow(step, reason);
        return null;
    }

    private bool Fail(string reason)
    {
        Refusal = _path.Describe(reason);
        return false;
    }

    private bool FailBelow(Utf8Text step, string reason)
    {
        _path.Push(step.ToString());
        Refusal = _path.Describe(reason);
        _path.Pop();
        return false;
    }
}
