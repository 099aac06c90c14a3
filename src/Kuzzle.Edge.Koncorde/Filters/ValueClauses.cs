using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>Reads the clauses on plain values: <c>equals</c>, <c>in</c>, <c>ids</c>, <c>range</c>, <c>match</c>, <c>exists</c> and <c>missing</c>.</summary>
internal sealed class ValueClauses(ParseState state)
{
    private static readonly Utf8Text IdName = Utf8Text.From("_id");

    public Expression? ParseEquals(JsonElement argument, bool isNegated)
    {
        if (!state.TryGetSingle(argument, out var member)) return null;

        var field = JsonText.NameOf(member);
        return Scalar.TryRead(member.Value, out var value)
            ? state.Count(new Literal(new EqualsCondition(field, value), isNegated))
            : state.RefuseAt(field, "must either be a string, a number, a boolean, or null");
    }

    public Expression? ParseIn(JsonElement argument, bool isNegated) =>
        state.TryGetSingle(argument, out var member) ? ParseList(member, JsonText.NameOf(member), isNegated) : null;

    public Expression? ParseIds(JsonElement argument, bool isNegated)
    {
        if (!state.TryGetSingle(argument, out var member)) return null;

        return JsonText.IsNamed(member, "values"u8) ? ParseList(member, IdName, isNegated) : state.Refuse("the property \"values\" is missing");
    }

    public Expression? ParseRange(JsonElement argument, bool isNegated)
    {
        if (!state.TryGetSingle(argument, out var member)) return null;

        var field = JsonText.NameOf(member);
        state.Path.Push(field.ToString());
        var isRange = TryReadInterval(member.Value, out var interval);
        state.Path.Pop();
        return isRange ? state.Count(new Literal(new RangeCondition(field, interval), isNegated)) : null;
    }

    public Expression? ParseMatch(JsonElement argument, bool isNegated)
    {
        if (!state.RequireFilledObject(argument)) return null;

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

        return state.Count(isNegated ? Expression.Any(operands) : Expression.All(operands));
    }

    public Expression? ParseExists(JsonElement argument, bool isNegated)
    {
        if (argument.ValueKind == JsonValueKind.String)
        {
            var path = JsonText.Of(argument);
            return path.IsEmpty ? state.Refuse("cannot test empty field name") : ParsePath(path, isNegated);
        }

        if (!state.TryGetSingle(argument, out var member)) return null;
        if (!JsonText.IsNamed(member, "field"u8)) return state.Refuse("the property \"field\" is missing");
        if (!state.TryGetText(argument, "field"u8, out var field)) return null;

        state.Path.Push("field");
        var expression = ParsePath(field, isNegated);
        state.Path.Pop();
        return expression;
    }

    private Expression? ParsePath(Utf8Text path, bool isNegated)
    {
        var hasMember = MemberPath.TrySplit(path, out var field, out var member);
        field = MemberPath.Unescape(field);
        if (!hasMember) return state.Count(new Literal(new ExistsCondition(field), isNegated));
        if (!MemberPath.TryReadMember(member, out var value)) return state.Refuse($"contains an invalid array value (\"{member}\")");

        // No element equals an object or an array.
        if (value is not { } scalar) return state.Count(isNegated ? Constant.Everything : Constant.Nothing);

        return state.Count(new Literal(new MemberCondition(field, scalar), isNegated));
    }

    private Expression? ParseList(JsonProperty member, Utf8Text field, bool isNegated)
    {
        var name = JsonText.NameOf(member);
        if (member.Value.ValueKind != JsonValueKind.Array) return state.RefuseAt(name, "must be an array");
        if (member.Value.GetArrayLength() == 0) return state.RefuseAt(name, "cannot be empty");

        List<Expression> operands = [];
        foreach (var value in member.Value.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.String) return state.RefuseAt(name, "must hold only values of type \"string\"");

            operands.Add(state.Count(new Literal(new EqualsCondition(field, Scalar.Of(JsonText.Of(value))), isNegated)));
        }

        return isNegated ? Expression.All(operands) : Expression.Any(operands);
    }

    private bool TryReadInterval(JsonElement bounds, out Interval interval)
    {
        interval = default;
        if (!state.RequireFilledObject(bounds)) return false;

        foreach (var bound in bounds.EnumerateObject())
        {
            var name = JsonText.NameOf(bound).ToString();
            if (name is not ("gt" or "gte" or "lt" or "lte")) return state.Fail($"\"{name}\" is not an allowed attribute (allowed: gt,gte,lt,lte)");
        }

        foreach (var bound in bounds.EnumerateObject())
        {
            if (bound.Value.ValueKind != JsonValueKind.Number) return state.FailAt(JsonText.NameOf(bound), "must be a number");
        }

        double? above = NumberAt(bounds, "gt"u8), from = NumberAt(bounds, "gte"u8), below = NumberAt(bounds, "lt"u8), to = NumberAt(bounds, "lte"u8);
        if (above is not null && from is not null) return state.Fail("only 1 lower boundary allowed");
        if (below is not null && to is not null) return state.Fail("only 1 upper boundary allowed");
        if ((above ?? from) >= (below ?? to)) return state.Fail("lower boundary must be strictly inferior to the upper one");

        var low = above is { } least ? Interval.JustAbove(least) : from ?? double.NegativeInfinity;
        var high = below is { } limit ? Interval.JustBelow(limit) : to ?? double.PositiveInfinity;
        interval = new Interval(low, high);
        return true;
    }

    private static double? NumberAt(JsonElement container, ReadOnlySpan<byte> name) =>
        JsonText.TryGetMember(container, name, out var number) ? number.GetDouble() : null;
}
