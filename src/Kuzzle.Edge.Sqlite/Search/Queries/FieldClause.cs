using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>The form that clauses about one field share: <c>{field: value}</c> or <c>{field: {value, options…}}</c>.</summary>
internal static class FieldClause
{
    /// <summary>
    /// Reads either form; in the long one the value has one of <paramref name="valueNames"/>, and <paramref name="optionNames"/> may stand beside it, as well
    /// as <c>boost</c> and <c>_name</c>.
    /// </summary>
    public static (Field Field, JsonElement Value, FieldClauseOptions Options) Read(
        string clause, JsonElement content, string[] valueNames, string[] optionNames, FieldMap fields)
    {
        var (field, value) = One(clause, content, fields);
        if (value.ValueKind == JsonValueKind.Array) throw SearchRefusedException.BadRequest($"[{clause}] query does not support array of values");
        if (value.ValueKind != JsonValueKind.Object) return (field, value, new FieldClauseOptions());

        JsonElement? given = null;
        var options = new FieldClauseOptions();
        foreach (var member in value.EnumerateObject())
        {
            if (valueNames.Contains(member.Name, StringComparer.Ordinal)) given = member.Value;
            else if (member.Name is "boost" or "_name" || optionNames.Contains(member.Name, StringComparer.Ordinal)) options = With(options, clause, member);
            else throw SearchRefusedException.BadRequest($"[{clause}] query does not support [{member.Name}]");
        }

        if (given is not { } found) throw SearchRefusedException.BadRequest($"[{clause}] query on [{field.Name}] requires [{valueNames[0]}]");
        return found.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? throw SearchRefusedException.BadRequest($"[{clause}] [{valueNames[0]}] must be a value")
            : (field, found, options);
    }

    /// <summary>The long form, which is the only one some clauses have.</summary>
    public static (Field Field, JsonElement Object) ReadObject(string clause, JsonElement content, FieldMap fields)
    {
        var (field, value) = One(clause, content, fields);
        return value.ValueKind == JsonValueKind.Object
            ? (field, value)
            : throw SearchRefusedException.BadRequest($"[{clause}] query on [{field.Name}] must be an object");
    }

    private static (Field Field, JsonElement Value) One(string clause, JsonElement content, FieldMap fields)
    {
        if (content.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest($"[{clause}] query malformed, no start_object after query name");
        JsonProperty? found = null;
        foreach (var member in content.EnumerateObject())
        {
            if (member.Name is "boost" or "_name" && member.Value.ValueKind != JsonValueKind.Object) continue;
            found = found is null
                ? member
                : throw SearchRefusedException.BadRequest($"[{clause}] query doesn't support multiple fields, found [{found.Value.Name}] and [{member.Name}]");
        }

        return found is { } only
            ? (fields.Resolve(only.Name), only.Value)
            : throw SearchRefusedException.BadRequest($"[{clause}] query requires a field");
    }

    /// <summary>The options with one more.</summary>
    public static FieldClauseOptions With(FieldClauseOptions options, string clause, JsonProperty option) => With(options, clause, option.Name, option.Value);

    /// <summary>The options with one more.</summary>
    public static FieldClauseOptions With(FieldClauseOptions options, string clause, string name, JsonElement value) => name switch
    {
        "boost" => options with { Boost = ValueReader.Real(value, "boost") },
        "case_insensitive" => options with { IgnoresCase = ValueReader.Boolean(value, name) },
        "slop" => options with { Slop = SlopOf(value) },
        "flags" => options with { HasRegexpExtras = !(value.ValueKind == JsonValueKind.String && value.ValueEquals("NONE")) },
        "operator" => options with { NeedsAll = Operator(clause, value) },
        "zero_terms_query" => options with { ZeroTermsMatchAll = value.ValueKind == JsonValueKind.String && value.ValueEquals("all") },
        "minimum_should_match" => options with { MinimumShouldMatch = value },
        _ => options,
    };

    private static int SlopOf(JsonElement value) => ValueReader.Real(value, "slop") switch
    {
        >= 0 and <= 1_000_000 and var slop => (int)slop,
        _ => throw SearchRefusedException.BadRequest("No negative slop allowed."),
    };

    private static bool Operator(string clause, JsonElement value)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (string.Equals(name, "and", StringComparison.OrdinalIgnoreCase)) return true;
        if (string.Equals(name, "or", StringComparison.OrdinalIgnoreCase)) return false;
        throw SearchRefusedException.BadRequest($"[{clause}] operator must be \"and\" or \"or\"");
    }
}
