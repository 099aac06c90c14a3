using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Sources;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>What a <c>multi_match</c> says: one text for several fields.</summary>
/// <param name="Value">The text.</param>
/// <param name="Fields">Where to look. Of those that a pattern names, only the ones that can be asked.</param>
/// <param name="End">How the phrase ends, or null when the words may stand anywhere.</param>
/// <param name="Options">What holds for each field.</param>
/// <param name="Boost">What the whole scores.</param>
internal sealed record MultiMatch(JsonElement Value, IReadOnlyList<Field> Fields, PhraseEnd? End, FieldClauseOptions Options, double Boost)
{
    public static MultiMatch Read(JsonElement content, FieldMap map)
    {
        var multi = new MultiMatch(default, map.Matching(new PathPattern("*")).ToList(), End: null, new FieldClauseOptions(), Boost: 1);
        foreach (var member in content.EnumerateObject())
        {
            multi = member.Name switch
            {
                "query" when IsScalar(member.Value) => multi with { Value = member.Value },
                "fields" => multi with { Fields = ReadFields(member.Value, map) },
                "type" => multi with { End = ReadType(member.Value) },
                "boost" => multi with { Boost = ValueReader.Real(member.Value, "boost") },
                "operator" or "minimum_should_match" or "zero_terms_query" or "slop" =>
                    multi with { Options = FieldClause.With(multi.Options, "multi_match", member) },
                "_name" or "lenient" or "tie_breaker" or "max_expansions" => multi,
                _ => throw SearchRefusedException.BadRequest($"[multi_match] query does not support [{member.Name}]"),
            };
        }

        if (multi.Value.ValueKind == JsonValueKind.Undefined) throw SearchRefusedException.BadRequest("No text specified for multi_match query");
        return multi with { Fields = [.. multi.Fields.Where(field => multi.IsSuited(field))] };
    }

    private static List<Field> ReadFields(JsonElement names, FieldMap map)
    {
        IEnumerable<JsonElement> list = names.ValueKind == JsonValueKind.Array ? names.EnumerateArray() : [names];
        var fields = new List<Field>();
        foreach (var name in list)
        {
            if (name.ValueKind != JsonValueKind.String) throw SearchRefusedException.BadRequest("[multi_match] fields must be names of fields");

            // What one field weighs more than another makes no difference to what is found.
            var bare = name.GetString()!.Split('^')[0];
            if (bare.Contains('*', StringComparison.Ordinal)) fields.AddRange(map.Matching(new PathPattern(bare)));
            else fields.Add(map.Resolve(bare));
        }

        return fields;
    }

    private static PhraseEnd? ReadType(JsonElement type) => (type.ValueKind == JsonValueKind.String ? type.GetString() : "") switch
    {
        "best_fields" or "most_fields" => null,
        "phrase" => PhraseEnd.Word,
        "phrase_prefix" => PhraseEnd.Prefix,
        var other => throw SearchRefusedException.BadRequest(
            $"[multi_match] type [{other}] is not supported; use best_fields, most_fields, phrase or phrase_prefix"),
    };

    private static bool IsScalar(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null);

    /// <summary>Over several fields, those that cannot hold such a text are passed over.</summary>
    private bool IsSuited(Field field) => field.Kind switch
    {
        FieldKind.Text => true,
        FieldKind.Keyword or FieldKind.Id or FieldKind.Any => End is not PhraseEnd.Prefix,
        _ => false,
    };
}
