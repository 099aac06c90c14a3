using Kuzzle.Edge.Sqlite.Search;
using Kuzzle.Edge.Sqlite.Search.Fields;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>Which fields of a mapping get an index.</summary>
internal static class IndexPlan
{
    /// <summary>In one collection. Each is written with each document; a mapping of hundreds of fields would make every write hundreds of times as dear.</summary>
    private const int MaxIndexes = 64;

    public static List<Field> Of(FieldMap map) => [.. map.All.Where(IsIndexed).Take(MaxIndexes)];

    // Who wrote a document is rarely searched for; when it was written is what most lists are sorted by.
    private static bool IsIndexed(Field field) =>
        field.Kind is FieldKind.Keyword or FieldKind.Number or FieldKind.Boolean or FieldKind.Date or FieldKind.Text
        && field.Name is not ("_kuzzle_info.author" or "_kuzzle_info.updater");
}
