using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>The tables of a database, and how older files become this version.</summary>
/// <param name="applicationId">In the header of the file, so that another program's database, or another one of ours, is told from this one.</param>
/// <param name="migrations">Each takes a file from the version of its position to the next. They are never edited, only added.</param>
internal sealed class DatabaseSchema(int applicationId, params string[] migrations)
{
    /// <summary>Makes the database ours, or brings it up to date.</summary>
    public void Bring(SqliteConnection connection)
    {
        var version = connection.QueryInt64("PRAGMA user_version");
        var application = connection.QueryInt64("PRAGMA application_id");
        if (application != applicationId && (application != 0 || connection.QueryInt64("SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new DocumentStoreException($"{connection.File} is another program's database. Choose another storage directory, or move the file away.") { Fault = DocumentStoreFault.Corrupt };
        }

        if (version > migrations.Length)
        {
            throw new DocumentStoreException(
                $"{connection.File} was written by a newer version of this program (schema {version}; this one knows up to {migrations.Length}). "
                + "Upgrade the program.")
            { Fault = DocumentStoreFault.Corrupt };
        }

        if (version == migrations.Length) return;

        connection.Execute("BEGIN IMMEDIATE");
        for (var step = (int)version; step < migrations.Length; step++) connection.Execute(migrations[step]);
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {applicationId}"));
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migrations.Length}"));
        connection.Execute("COMMIT");
    }
}
