using System.Buffers;
using System.Buffers.Binary;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>Writes messages for clients. A message is stored once however many wait for it, and goes with the last of them. Within a transaction.</summary>
internal sealed class DeliveryTables(SqliteConnection connection, StoredSessionSet sessions)
{
    /// <summary>What a connection needs before this can be used: sessions that end, so that one scan finds the deliveries of all of them.</summary>
    public const string Preparation = "CREATE TEMP TABLE ending (session INTEGER PRIMARY KEY)";

    private readonly SqliteStatement _addMessage = connection.Prepare(
        """
        INSERT INTO messages (number, topic, properties, payload, qos, retain, expires_at, publisher) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (number) DO NOTHING
        """);

    private readonly SqliteStatement _add = connection.Prepare(
        """
        INSERT OR REPLACE INTO deliveries (session, sequence, packet_identifier, qos, retain, subscription_identifiers, share, message, is_sent)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private readonly SqliteStatement _change = connection.Prepare(
        "UPDATE deliveries SET is_sent = ?4, packet_identifier = ?5 WHERE message = ?1 AND session = ?2 AND sequence = ?3");

    private readonly SqliteStatement _remove = connection.Prepare("DELETE FROM deliveries WHERE message = ?1 AND session = ?2 AND sequence = ?3");

    private readonly SqliteStatement _removeMessage = connection.Prepare(
        "DELETE FROM messages WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message = ?1)");

    private readonly SqliteStatement _addReleased = connection.Prepare(
        """
        INSERT OR REPLACE INTO released (session, sequence, packet_identifier, qos, retain, subscription_identifiers, share)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """);

    private readonly SqliteStatement _removeReleased = connection.Prepare("DELETE FROM released WHERE session = ?1 AND sequence = ?2");
    private readonly SqliteStatement _endReleased = connection.Prepare("DELETE FROM released WHERE session = ?1");
    private readonly SqliteStatement _addEnding = connection.Prepare("INSERT INTO temp.ending (session) VALUES (?1)");
    private readonly SqliteStatement _forgetEnding = connection.Prepare("DELETE FROM temp.ending");

    private readonly SqliteStatement _endMessages = connection.Prepare(
        """
        DELETE FROM messages
        WHERE number IN (SELECT message FROM deliveries WHERE message BETWEEN ?1 AND ?2 AND session IN (SELECT session FROM temp.ending))
            AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message = number AND session NOT IN (SELECT session FROM temp.ending))
        """);

    private readonly SqliteStatement _endDeliveries = connection.Prepare(
        "DELETE FROM deliveries WHERE message BETWEEN ?1 AND ?2 AND session IN (SELECT session FROM temp.ending)");

    /// <summary>The message that was stored last in this transaction: the next delivery is often of the same one.</summary>
    private long? _added;

    /// <summary>The message whose last delivery may have gone, not looked at yet: the next to go is often of the same one.</summary>
    private long? _abandoned;

    /// <summary>Begins a transaction.</summary>
    public void Begin() => _added = _abandoned = null;

    /// <summary>What a transaction still has to do before its end.</summary>
    public void Finish()
    {
        if (_abandoned is not { } number) return;

        Run(_removeMessage, number);
        _abandoned = null;
        _added = null;
    }

    public void Change(in DeliveryChange change, DeliverySpan deliveries)
    {
        switch (change.State)
        {
            case DeliveryState.Queued or DeliveryState.Sent when change.IsNew:
                Add(change, deliveries);
                break;
            case DeliveryState.Queued or DeliveryState.Sent:
                if (TryUpdate(change)) break;

                // It was told to be there and is not: what it has become must not be lost for that.
                RemoveReleased(change.Delivery);
                Add(change, deliveries);
                break;
            case DeliveryState.Released:
                if (!change.IsNew) Remove(change.Delivery, deliveries);
                AddReleased(change);
                break;
            default:
                Remove(change.Delivery, deliveries);

                // Only QoS 2 has the state in between.
                if (change.Delivery.Qos == 2) RemoveReleased(change.Delivery);
                break;
        }
    }

    /// <summary>Removes all deliveries of sessions that end, and the messages that nobody else waits for.</summary>
    public void End(IReadOnlyList<(long Session, DeliverySpan Deliveries)> ending)
    {
        var first = long.MaxValue;
        var last = long.MinValue;
        foreach (var (session, deliveries) in ending)
        {
            Run(_endReleased, session);
            if (deliveries.IsEmpty) continue;

            Run(_addEnding, session);
            first = Math.Min(first, deliveries.First);
            last = Math.Max(last, deliveries.Last);
        }

        if (first > last) return;

        RunBetween(_endMessages, first, last);
        RunBetween(_endDeliveries, first, last);
        using var forget = _forgetEnding;
        forget.Execute();
        _added = null;
    }

    private static void Run(SqliteStatement statement, long session)
    {
        using var run = statement;
        run.Bind(1, session);
        run.Execute();
    }

    private static void RunBetween(SqliteStatement statement, long first, long last)
    {
        using var run = statement;
        run.Bind(1, first);
        run.Bind(2, last);
        run.Execute();
    }

    private static StoredMessage MessageOf(StoredDelivery delivery) =>
        delivery.Message ?? throw new ArgumentException($"Delivery {delivery.Sequence} of session {delivery.Session} is not released and has no message.", nameof(delivery));

    private static void Bind(SqliteStatement statement, in DeliveryChange change)
    {
        var delivery = change.Delivery;
        statement.Bind(1, delivery.Session);
        statement.Bind(2, delivery.Sequence);
        statement.Bind(3, change.PacketIdentifier);
        statement.Bind(4, delivery.Qos);
        statement.Bind(5, delivery.Retain ? 1 : 0);
        Bind(statement, 6, delivery.SubscriptionIdentifiers.Span);
        statement.BindBlob(7, delivery.Group.Span);
    }

    private static void Bind(SqliteStatement statement, int parameter, ReadOnlySpan<int> identifiers)
    {
        var length = identifiers.Length * sizeof(int);
        if (length <= 256)
        {
            Span<byte> few = stackalloc byte[length];
            Write(identifiers, few);
            statement.BindBlob(parameter, few);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        Write(identifiers, rented);
        statement.BindBlob(parameter, rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Write(ReadOnlySpan<int> identifiers, Span<byte> bytes)
    {
        for (var i = 0; i < identifiers.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(int))..], identifiers[i]);
    }

    private void Add(in DeliveryChange change, DeliverySpan deliveries)
    {
        var message = MessageOf(change.Delivery);
        if (_added != message.Number) AddMessage(message);

        using var add = _add;
        Bind(add, change);
        add.Bind(8, message.Number);
        add.Bind(9, change.State == DeliveryState.Sent ? 1 : 0);
        add.Execute();
        deliveries.Include(message.Number);
        sessions.Count(deliveries, 1);
    }

    private void AddMessage(StoredMessage message)
    {
        using var add = _addMessage;
        MessageColumns.Bind(add, 1, message);
        add.Execute();
        _added = message.Number;
    }

    private bool TryUpdate(in DeliveryChange change)
    {
        using var update = _change;
        update.Bind(1, MessageOf(change.Delivery).Number);
        update.Bind(2, change.Delivery.Session);
        update.Bind(3, change.Delivery.Sequence);
        update.Bind(4, change.State == DeliveryState.Sent ? 1 : 0);
        update.Bind(5, change.PacketIdentifier);
        update.Execute();
        return connection.Changes > 0;
    }

    private void Remove(StoredDelivery delivery, DeliverySpan deliveries)
    {
        // One that was loaded without its message has none here.
        if (delivery.Message is not { } message || deliveries.IsEmpty) return;

        using var remove = _remove;
        remove.Bind(1, message.Number);
        remove.Bind(2, delivery.Session);
        remove.Bind(3, delivery.Sequence);
        remove.Execute();
        if (connection.Changes == 0) return;

        sessions.Count(deliveries, -1);
        if (_abandoned != message.Number) Finish();
        _abandoned = message.Number;
    }

    private void AddReleased(in DeliveryChange change)
    {
        using var add = _addReleased;
        Bind(add, change);
        add.Execute();
    }

    private void RemoveReleased(StoredDelivery delivery)
    {
        using var remove = _removeReleased;
        remove.Bind(1, delivery.Session);
        remove.Bind(2, delivery.Sequence);
        remove.Execute();
    }
}
