using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>Writes sessions, their subscriptions, and what their clients have sent with QoS 2. Within a transaction.</summary>
internal sealed class SessionTables(SqliteConnection connection)
{
    private readonly SqliteStatement _findOther = connection.Prepare("SELECT number FROM sessions WHERE client_id = ?1 AND number <> ?2");

    private readonly SqliteStatement _save = connection.Prepare(
        """
        INSERT OR REPLACE INTO sessions (
            number, client_id, expiry_seconds, disconnected_at, will_delay_seconds, will_expiry_seconds,
            will_number, will_topic, will_properties, will_payload, will_qos, will_retain, will_expires_at, will_publisher, owner)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """);

    private readonly SqliteStatement _subscribe = connection.Prepare(
        "INSERT OR REPLACE INTO subscriptions (session, filter, identifier, qos, no_local, retain_as_published) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    private readonly SqliteStatement _unsubscribe = connection.Prepare("DELETE FROM subscriptions WHERE session = ?1 AND filter = ?2");

    private readonly SqliteStatement _receive = connection.Prepare(
        """
        INSERT OR REPLACE INTO received (
            session, packet_identifier, held_number, held_topic, held_properties, held_payload, held_qos, held_retain, held_expires_at,
            held_publisher)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """);

    private readonly SqliteStatement _release = connection.Prepare("DELETE FROM received WHERE session = ?1 AND packet_identifier = ?2");
    private readonly SqliteStatement _remove = connection.Prepare("DELETE FROM sessions WHERE number = ?1");
    private readonly SqliteStatement _removeSubscriptions = connection.Prepare("DELETE FROM subscriptions WHERE session = ?1");
    private readonly SqliteStatement _removeReceived = connection.Prepare("DELETE FROM received WHERE session = ?1");

    /// <summary>The session that is stored for a client under another number, or null.</summary>
    public long? FindOther(StoredSession session)
    {
        using var find = _findOther;
        find.Bind(1, session.ClientId);
        find.Bind(2, session.Number);
        return find.Step() ? find.Int64(0) : null;
    }

    public void Save(StoredSession session)
    {
        using var save = _save;
        save.Bind(1, session.Number);
        save.Bind(2, session.ClientId);
        save.Bind(3, session.ExpirySeconds);
        Times.Bind(save, 4, session.DisconnectedAt);
        if (session.Will is { } will)
        {
            save.Bind(5, will.DelaySeconds);
            if (will.ExpirySeconds is { } expiry) save.Bind(6, expiry);
            MessageColumns.Bind(save, 7, will.Message);
        }

        if (session.Owner is { } owner) save.Bind(15, owner);
        save.Execute();
    }

    public void Change(SubscriptionChange change)
    {
        if (change.Subscription is not { } subscription)
        {
            using var unsubscribe = _unsubscribe;
            unsubscribe.Bind(1, change.Session);
            unsubscribe.BindBlob(2, change.Filter.Span);
            unsubscribe.Execute();
            return;
        }

        using var subscribe = _subscribe;
        subscribe.Bind(1, change.Session);
        subscribe.BindBlob(2, change.Filter.Span);
        subscribe.Bind(3, subscription.Identifier);
        subscribe.Bind(4, subscription.Qos);
        subscribe.Bind(5, subscription.NoLocal ? 1 : 0);
        subscribe.Bind(6, subscription.RetainAsPublished ? 1 : 0);
        subscribe.Execute();
    }

    public void Change(ReceivedChange change)
    {
        using var statement = change.IsOwned ? _receive : _release;
        statement.Bind(1, change.Session);
        statement.Bind(2, change.PacketIdentifier);
        if (change.IsOwned) MessageColumns.Bind(statement, 3, change.Held);
        statement.Execute();
    }

    /// <summary>Removes a session and all of it that is here.</summary>
    public void Remove(long number)
    {
        Run(_remove, number);
        Run(_removeSubscriptions, number);
        Run(_removeReceived, number);
    }

    private static void Run(SqliteStatement statement, long number)
    {
        using var remove = statement;
        remove.Bind(1, number);
        remove.Execute();
    }
}
