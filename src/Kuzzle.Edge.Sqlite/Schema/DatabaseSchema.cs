using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>
/// The tables of a database, and how older files become this version. The version of a file is its <c>user_version</c>; the oldest version that can work with it stands in its table
/// <c>schema_readers</c>.
/// </summary>
/// <param name="applicationId">In the header of the file, so that another program's database, or another one of ours, is told from this one.</param>
/// <param name="migrations">Each takes a file from the version of its position to the next. They are never edited, only added.</param>
internal sealed class DatabaseSchema(int applicationId, params Migration[] migrations)
{
    /// <summary>The version that files have once this program has opened them.</summary>
    public int Version => migrations.Length;

    /// <summary>Makes the database ours, or brings it up to date.</summary>
    /// <param name="keep">Is called, with the version of the file, before what no older program could work with afterwards; null where nothing need be kept.</param>
    /// <exception cref="DocumentStoreException">It is another program's, or too new for this one (<see cref="DocumentStoreFault.TooNew"/>).</exception>
    public void Bring(SqliteConnection connection, Action<int>? keep = null)
    {
        var version = (int)connection.QueryInt64("PRAGMA user_version");
        var application = connection.QueryInt64("PRAGMA application_id");
        if (application != applicationId && (application != 0 || connection.QueryInt64("SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new DocumentStoreException($"{connection.File} is another program's database. Choose another storage directory, or move the file away.") { Fault = DocumentStoreFault.Corrupt };
        }

        if (version > Version && OldestReaderOf(connection, version) > Version)
        {
            throw new DocumentStoreException(string.Create(
                CultureInfo.InvariantCulture, $"{connection.File} was written by a newer version of this program (schema {version}; this one knows up to {Version})."))
            { Fault = DocumentStoreFault.TooNew };
        }

        if (version >= Version) return;
        if (version > 0 && OldestReader > version) keep?.Invoke(version);

        connection.Execute("BEGIN IMMEDIATE");
        for (var step = version; step < Version; step++) connection.Execute(migrations[step].Sql);
        connection.Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"""
             CREATE TABLE IF NOT EXISTS schema_readers (oldest INTEGER NOT NULL) STRICT;
             DELETE FROM schema_readers;
             INSERT INTO schema_readers (oldest) VALUES ({OldestReader});
             PRAGMA application_id = {applicationId};
             PRAGMA user_version = {Version};
             """));
        connection.Execute("COMMIT");
    }

    /// <summary>What the last step that is not additive leads to.</summary>
    private int OldestReader => Array.FindLastIndex(migrations, migration => !migration.IsAdditive) + 1;

    private static int OldestReaderOf(SqliteConnection connection, int version) =>
        connection.QueryInt64("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_readers'") == 0
            ? version
            : (int)connection.QueryInt64($"SELECT coalesce(max(oldest), {version.ToString(CultureInfo.InvariantCulture)}) FROM schema_readers");
}
