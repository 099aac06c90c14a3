namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>Counts the clauses of a query, and the words and dates that become clauses.</summary>
internal sealed class ClauseBudget
{
    /// <summary>As in Elasticsearch. More would make statements that take longer to prepare than to run.</summary>
    private const int MaxClauses = 1024;

    private int _spent;

    /// <summary>Refuses the query when it has too many.</summary>
    public void Spend(int clauses)
    {
        _spent += clauses;
        if (_spent > MaxClauses) throw SearchRefusedException.BadRequest($"too_many_clauses: maxClauseCount is set to {MaxClauses}");
    }
}
