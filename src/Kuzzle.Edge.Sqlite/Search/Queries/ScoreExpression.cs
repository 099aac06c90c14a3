namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>A score: the same for all documents, or an expression.</summary>
/// <param name="Constant">The part that is the same for all.</param>
/// <param name="Sql">The part that differs, or null.</param>
internal sealed record ScoreExpression(double Constant, string? Sql)
{
    public static ScoreExpression Of(double constant) => new(constant, Sql: null);

    public static ScoreExpression Sum(IEnumerable<ScoreExpression> parts)
    {
        var all = parts.ToList();
        var varying = all.Where(static part => part.Sql is not null).Select(static part => part.Sql!).ToList();
        return new ScoreExpression(all.Sum(static part => part.Constant), varying.Count == 0 ? null : SearchSql.Balanced(varying, "+"));
    }
}
