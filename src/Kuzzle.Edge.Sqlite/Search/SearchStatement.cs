namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>SQL, and what its parameters and function calls stand for.</summary>
internal sealed record SearchStatement(string Text, SearchSql Sql);
