using System.Text.Json;
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
    public bool IsScore => Field is "_score";

    public bool IsInsertion => Field is "_doc";
}
