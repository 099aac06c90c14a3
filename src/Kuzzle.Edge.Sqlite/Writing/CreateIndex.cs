namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Creates an index, unless it exists.</summary>
internal sealed class CreateIndex(string index) : WriteOperation<bool>
{
    /// <summary>Creates an index that must not exist.</summary>
    public static long Insert(WriteContext context, string index)
    {
        using var insert = context.Connection.Prepare("INSERT INTO indexes (name) VALUES (?1) RETURNING number");
        insert.Bind(1, index);
        insert.Step();
        var number = insert.Int64(0);
        insert.Execute();
        context.Catalogue = context.Catalogue.WithIndex(number, index);
        return number;
    }

    protected override bool Perform(WriteContext context)
    {
        if (context.Catalogue.TryGetIndex(index, out _)) return false;
        Insert(context, index);
        return true;
    }
}
