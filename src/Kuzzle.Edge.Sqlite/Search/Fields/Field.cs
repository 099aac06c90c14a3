namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>A field as a query names it.</summary>
/// <param name="Name">As the query names it.</param>
/// <param name="Path">Where it is in a document: names with dots between, in UTF-8.</param>
/// <param name="Kind">How its values are read.</param>
internal sealed record Field(string Name, byte[] Path, FieldKind Kind);
