namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>
/// A step from one version of a database's tables to the next. It breaks with older programs unless it says otherwise: <see cref="Additive"/> is for what an older program neither sees
/// nor harms by what it writes. A column with a default is; a table that must follow another one's rows is not, for the older program would not keep it up.
/// </summary>
internal sealed class Migration
{
    private Migration(string sql, bool isAdditive)
    {
        Sql = sql;
        IsAdditive = isAdditive;
    }

    public string Sql { get; }

    /// <summary>Whether a program that does not know this step may go on with the database.</summary>
    public bool IsAdditive { get; }

    public static implicit operator Migration(string sql) => new(sql, isAdditive: false);

    public static Migration Additive(string sql) => new(sql, isAdditive: true);
}
