using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Regexps;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>Reads the clause <c>regexp</c>: a pattern, or an object of pattern and flags.</summary>
internal sealed class RegexpClause(ParseState state)
{
    public Expression? Parse(JsonElement argument, bool isNegated)
    {
        if (!state.TryGetSingle(argument, out var member)) return null;

        var field = JsonText.NameOf(member);
        state.Path.Push(field.ToString());
        var regexp = ParseArgument(member.Value);
        state.Path.Pop();
        return regexp is null ? null : state.Count(new Literal(new RegexpCondition(field, regexp), isNegated));
    }

    private Regexp? ParseArgument(JsonElement argument)
    {
        if (argument.ValueKind == JsonValueKind.String) return Compile(argument, flags: null);
        if (argument.ValueKind != JsonValueKind.Object) return Refuse("must be either a string or a non-empty object");
        if (argument.GetPropertyCount() == 0) return Refuse("must be a non-empty object");
        if (!JsonText.TryGetMember(argument, "value"u8, out var value)) return Refuse("the property \"value\" is missing");

        foreach (var attribute in argument.EnumerateObject())
        {
            var name = JsonText.NameOf(attribute).ToString();
            if (name is not ("value" or "flags")) return Refuse($"\"{name}\" is not an allowed attribute (allowed: flags,value)");
        }

        if (!ParseState.TryGetFilled(argument, "flags"u8, out _)) return Compile(value, flags: null);

        return state.TryGetText(argument, "flags"u8, out var flags) ? Compile(value, flags.ToString()) : null;
    }

    private Regexp? Compile(JsonElement value, string? flags)
    {
        var error = "Expected string, Buffer, RegExp, or RE2 as the 1st argument.";
        if (value.ValueKind == JsonValueKind.String && Regexp.TryParse(JsonText.Of(value), flags ?? string.Empty, out var regexp, out error)) return regexp;

        var text = value.ValueKind == JsonValueKind.String ? JsonText.Of(value).ToString() : JsonText.Compact(value);
        return Refuse($"cannot parse regexp expression \"/{text}/{flags ?? "undefined"}\" ({error})");
    }

    private Regexp? Refuse(string reason)
    {
        state.Fail(reason);
        return null;
    }
}
