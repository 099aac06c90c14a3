using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>
/// What the readers of clauses share: where they are, how many conditions there were, and why they gave up. Their methods answer null, or false, once a
/// reason is left here.
/// </summary>
internal sealed class ParseState(int maxConditions)
{
    public ClausePath Path { get; } = new();

    public string? Refusal { get; private set; }

    /// <summary>Conditions so far, after <c>in</c>, <c>ids</c> and <c>bool</c> are unfolded.</summary>
    public int Conditions { get; set; }

    public Expression Count(Expression condition)
    {
        Conditions++;
        return condition;
    }

    /// <summary>Asked at the end, for what is wrong with a clause comes first.</summary>
    public bool IsWithinLimit()
    {
        if (Conditions <= maxConditions) return true;

        return FailPlainly(string.Create(
            CultureInfo.InvariantCulture,
            $"Filter too complex: exceeds the configured maximum number of conditions (conditions: {Conditions}, max: {maxConditions})"));
    }

    public bool Fail(string reason)
    {
        Refusal = Path.Describe(reason);
        return false;
    }

    /// <summary>Gives a reason for a member of the clause.</summary>
    public bool FailAt(Utf8Text member, string reason)
    {
        Path.Push(member.ToString());
        Fail(reason);
        Path.Pop();
        return false;
    }

    /// <summary>Gives a reason that Kuzzle tells without a path.</summary>
    public bool FailPlainly(string reason)
    {
        Refusal = reason;
        return false;
    }

    public Expression? Refuse(string reason)
    {
        Fail(reason);
        return null;
    }

    public Expression? RefuseAt(Utf8Text member, string reason)
    {
        FailAt(member, reason);
        return null;
    }

    public bool RequireFilledObject(JsonElement argument)
    {
        if (argument.ValueKind != JsonValueKind.Object) return Fail("must be an object");

        return argument.GetPropertyCount() > 0 || Fail("must be a non-empty object");
    }

    public bool RequireMembers(JsonElement argument, int count)
    {
        if (argument.ValueKind != JsonValueKind.Object) return Fail("must be an object");

        var actual = argument.GetPropertyCount();
        var noun = count == 1 ? "property" : "properties";
        return actual == count || Fail(string.Create(CultureInfo.InvariantCulture, $"expected object to have exactly {count} {noun}, got {actual}"));
    }

    /// <summary>The only member of an object that may have no other.</summary>
    public bool TryGetSingle(JsonElement argument, out JsonProperty member)
    {
        member = default;
        if (!RequireMembers(argument, 1)) return false;

        var members = argument.EnumerateObject();
        members.MoveNext();
        member = members.Current;
        return true;
    }

    public bool TryGetText(JsonElement container, ReadOnlySpan<byte> name, out Utf8Text text)
    {
        var isText = JsonText.TryGetMember(container, name, out var value) && value.ValueKind == JsonValueKind.String;
        text = isText ? JsonText.Of(value) : default;
        if (!isText) return FailAt(new Utf8Text(name.ToArray()), "must be a string");

        return !text.IsEmpty || FailAt(new Utf8Text(name.ToArray()), "cannot be empty");
    }

    /// <summary>Finds a member; null, and what else counts as false in Kuzzle's language, means that it is absent.</summary>
    public static bool TryGetFilled(JsonElement container, ReadOnlySpan<byte> name, out JsonElement value) =>
        JsonText.TryGetMember(container, name, out value) && value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.Number => value.GetDouble() != 0,
            JsonValueKind.String => !JsonText.Of(value).IsEmpty,
            _ => true,
        };
}
