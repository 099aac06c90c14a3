using Kuzzle.Edge.Sqlite.Search.Sources;

namespace Kuzzle.Edge.Sqlite.Search.Highlighting;

/// <summary>Which fields are highlighted, and how.</summary>
internal sealed record HighlightedField(PathPattern Pattern, HighlightOptions Options);
