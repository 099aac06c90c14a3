using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>How a message stands in its columns: number, topic, properties, payload, qos, retain, expires_at, publisher, wherever there are messages.</summary>
internal static class MessageColumns
{
    /// <summary>Binds them from this parameter on. Without a message they are left as they are, that is NULL.</summary>
    public static void Bind(SqliteStatement statement, int first, StoredMessage? message)
    {
        if (message is null) return;

        statement.Bind(first, message.Number);
        statement.BindBlob(first + 1, message.Topic.Span);
        statement.BindBlob(first + 2, message.Properties.Span);
        statement.BindBlob(first + 3, message.Payload.Span);
        statement.Bind(first + 4, message.Qos);
        statement.Bind(first + 5, message.Retain ? 1 : 0);
        Times.Bind(statement, first + 6, message.ExpiresAt);
        if (message.Publisher is { } publisher) statement.Bind(first + 7, publisher);
    }

    /// <summary>Reads them from this column on.</summary>
    public static StoredMessage Read(SqliteStatement row, int first, NameCache names) => new(
        row.Int64(first),
        names.Bytes(row.Blob(first + 1)),
        row.Blob(first + 2).ToArray(),
        row.Blob(first + 3).ToArray(),
        (byte)row.Int64(first + 4),
        row.Int64(first + 5) != 0,
        Times.Read(row, first + 6))
    {
        Publisher = row.IsNull(first + 7) ? null : names.Text(row.Blob(first + 7)),
    };

    /// <summary>The same when there need not be one.</summary>
    public static StoredMessage? ReadOptional(SqliteStatement row, int first, NameCache names) => row.IsNull(first) ? null : Read(row, first, names);
}
