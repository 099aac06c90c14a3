using System.Globalization;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Takes the writer's turn, to see that it comes; and writes what is there already, where somebody wants to know whether the disk takes it.</summary>
internal sealed class ProbeWriter(bool writes) : WriteOperation<bool>
{
    /// <summary>Whether something goes to the disk.</summary>
    public bool Writes => writes;

    protected override bool Perform(WriteContext context)
    {
        if (!writes) return true;

        // SQLite writes the page of the header whatever it held before.
        var version = context.Connection.QueryInt64("PRAGMA user_version");
        context.Connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"));
        return true;
    }
}
