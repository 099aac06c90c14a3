using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
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
        if (root is null || _conditions <= maxConditions) return root;

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
        "nothing" => Count(isNegated ? Constant.Everything : Constant.Nothing),
        "everything" => Count(isNegated ? Constant.Nothing : Constant.Everything),
        _ => Refuse("unknown keyword"),
    };

    private Expression? ParseOperands(JsonElement list, bool isConjunction, bool isNegated)
    {
        if (list.ValueKind != JsonValueKind.Array) return Refuse("must be an array");

        return ParseOperands([.. list.EnumerateArray()], [], isConjunction, isNegated);
    }

    private Expression? ParseOperands(List<JsonElement> filters, List<Expression> others, bool isConjunction, bool isNegated)
    {
        if (filters.Count + others.Count == 0) return Refuse("cannot be empty");
        if (!filters.TrueForAll(IsFilledObject)) return Refuse("can only contain non-empty objects");

        List<Expression> operands = [];
        foreach (var filter in filters)
        {
            if (ParseFilter(filter, isNegated) is not { } operand) return null;

            operands.Add(operand);
        }

        operands.AddRange(others);
        return isConjunction != isNegated ? Expression.All(operands) : Expression.Any(operands);
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
        if (TryGetList(argument, "must", out var list))
        {
            if (list.ValueKind == JsonValueKind.Array) must.AddRange(list.EnumerateArray());
            else must.Add(list);
            if (!must.TrueForAll(IsFilledObject)) return Refuse("can only contain non-empty objects");
        }

        List<Expression> others = [];
        if (TryGetList(argument, "must_not", out list) && !ParseBoolList(list, others, ["not", "or"], isConjunction: false, !isNegated)) return null;
        if (TryGetList(argument, "should", out list) && !ParseBoolList(list, others, ["or"], isConjunction: false, isNegated)) return null;
        if (TryGetList(argument, "should_not", out list) && !ParseBoolList(list, others, ["not", "and"], isConjunction: true, !isNegated)) return null;
        return ParseOperands(must, others, isConjunction: true, isNegated);
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
        double? low = null, high = null; // inclusive
        double lowest = double.NegativeInfinity, highest = double.PositiveInfinity; // as written
        foreach (var bound in bounds.EnumerateObject())
        {
            var name = JsonText.NameOf(bound).ToString();
            if (name is not ("gt" or "gte" or "lt" or "lte")) return Fail($"\"{name}\" is not an allowed attribute (allowed: gt,gte,lt,lte)");
            if (bound.Value.ValueKind != JsonValueKind.Number) return FailBelow(JsonText.NameOf(bound), "must be a number");

            var number = bound.Value.GetDouble();
            if (name[0] == 'g')
            {
                if (low is not null) return Fail("only 1 lower boundary allowed");

                lowest = number;
                low = name is "gt" ? Interval.JustAbove(number) : number;
            }
            else
            {
                if (high is not null) return Fail("only 1 upper boundary allowed");

                highest = number;
                high = name is "lt" ? Interval.JustBelow(number) : number;
            }
        }

        if (low is not null && high is not null && lowest >= highest) return Fail("lower boundary must be strictly inferior to the upper one");

        interval = new Interval(low ?? double.NegativeInfinity, high ?? double.PositiveInfinity);
        return true;
    }

    private static JsonProperty FirstMember(JsonElement element)
    {
        var members = element.EnumerateObject();
        members.MoveNext();
        return members.Current;
    }

    private static bool IsFilledObject(JsonElement element) => element.ValueKind == JsonValueKind.Object && element.GetPropertyCount() > 0;

    /// <summary>Null and what else counts as false in Kuzzle's language means that the list is absent.</summary>
    private static bool TryGetList(JsonElement lists, string name, out JsonElement list) => lists.TryGetProperty(name, out list) && list.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.Number => list.GetDouble() != 0,
        JsonValueKind.String => !JsonText.Of(list).IsEmpty,
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
