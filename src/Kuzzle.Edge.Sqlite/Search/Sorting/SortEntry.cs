using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Sorting;

/// <summary>One key of a <c>sort</c>, as the request says it.</summary>
/// <param name="Field">The field's name, or <c>_score</c> or <c>_doc</c>.</param>
/// <param name="Order">Its direction.</param>
/// <param name="Mode">Which of several values counts.</param>
/// <param name="MissingFirst">Whether documents without a value come first.</param>
/// <param name="Missing">The value that documents without one are given, or undefined.</param>
internal sealed record SortEntry(string Field, SortOrder Order, SortMode Mode, bool MissingFirst, JsonElement Missing)
{
    /// <summary>For <c>_geo_distance</c>: from where distances are measured, and in what unit.</summary>
    public DistanceOrigin? Origin { get; init; }

    public bool IsScore => Field is "_score";

    public bool IsInsertion => Field is "_doc";

    /// <summary>The field as a mapping has it.</summary>
    /// <exception cref="SearchRefusedException">It cannot be sorted on.</exception>
    public Field Resolve(FieldMap map)
    {
        var field = map.Resolve(Field);
        if (Origin is not null)
        {
            return field.Kind switch
            {
                FieldKind.Geo or FieldKind.Hidden => field,
                FieldKind.Any => field with { Kind = FieldKind.Geo },
                _ => throw SearchRefusedException.BadRequest($"[_geo_distance] field [{Field}] is not a geo_point field"),
            };
        }

        if (field.Kind is FieldKind.Text) throw SearchRefusedException.BadRequest($"a text field cannot be sorted on: [{Field}]; give it a sub-field of type keyword");
        if (field.Kind is FieldKind.Geo) throw SearchRefusedException.BadRequest($"can't sort on geo_point field [{Field}] without using specific sorting feature, like geo_distance");
        if (Mode is not (SortMode.Smallest or SortMode.Largest) && field.Kind is FieldKind.Keyword or FieldKind.Id)
        {
            throw SearchRefusedException.BadRequest($"[sort] mode of [{Field}] must be \"min\" or \"max\": it is no number");
        }

        return field;
    }
}
