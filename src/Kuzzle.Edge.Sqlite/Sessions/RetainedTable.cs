using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>Writes what topics retain. Within a transaction.</summary>
internal sealed class RetainedTable(SqliteConnection connection)
{
    // Not REPLACE, which would give the row another place and write the index too.
    private readonly SqliteStatement _set = connection.Prepare(
        """
        INSERT INTO retained (number, topic, properties, payload, qos, retain, expires_at, publisher) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (topic) DO UPDATE SET
            number = excluded.number, properties = excluded.properties, payload = excluded.payload, qos = excluded.qos,
            retain = excluded.retain, expires_at = excluded.expires_at, publisher = excluded.publisher
        """);

    private readonly SqliteStatement _clear = connection.Prepare("DELETE FROM retained WHERE topic = ?1");

    public void Change(RetainedChange change)
    {
        if (change.Message is not { } message)
        {
            using var clear = _clear;
            clear.BindBlob(1, change.Topic.Span);
            clear.Execute();
            return;
        }

        using var set = _set;
        MessageColumns.Bind(set, 1, message);
        set.BindBlob(2, change.Topic.Span);
        set.Execute();
    }
}
