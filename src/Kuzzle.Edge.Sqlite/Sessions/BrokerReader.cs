using System.Buffers.Binary;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Native;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>Reads all that is stored, each table once and in the order in which it lies in the file. For one use.</summary>
internal sealed class BrokerReader(SqliteConnection connection, StoredSessionSet sessions)
{
    private readonly NameCache _names = new();
    private readonly Dictionary<long, LoadingSession> _sessions = [];

    // A retained message may wait for clients too, and is the same object then.
    private readonly Dictionary<long, StoredMessage> _retained = [];

    public StoredBroker Read()
    {
        var loading = ReadSessions();
        ReadSubscriptions();
        ReadReceived();
        ReadReleased();
        var retained = ReadRetained();
        ReadDeliveries();
        var (committedAt, lastNumber) = ReadState();
        return new StoredBroker(committedAt, lastNumber, [.. loading.Select(session => session.Finish())], retained);
    }

    private static int[] Identifiers(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return [];

        var identifiers = new int[bytes.Length / sizeof(int)];
        for (var i = 0; i < identifiers.Length; i++) identifiers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        return identifiers;
    }

    private (DateTimeOffset? CommittedAt, long LastNumber) ReadState()
    {
        using var row = connection.Prepare("SELECT committed_at, last_number FROM state");
        return row.Step() ? (Times.Read(row, 0), row.Int64(1)) : throw Damage("the time of the last commit is missing");
    }

    private List<LoadingSession> ReadSessions()
    {
        const string sql =
            """
            SELECT number, client_id, expiry_seconds, disconnected_at, will_delay_seconds, will_expiry_seconds,
                will_number, will_topic, will_properties, will_payload, will_qos, will_retain, will_expires_at, will_publisher, owner
            FROM sessions ORDER BY number
            """;
        var loading = new List<LoadingSession>();
        using var row = connection.Prepare(sql);
        while (row.Step())
        {
            StoredWill? will = null;
            if (MessageColumns.ReadOptional(row, 6, _names) is { } message) will = new StoredWill(message, (uint)row.Int64(4), row.IsNull(5) ? null : (uint)row.Int64(5));
            var stored = new StoredSession(row.Int64(0), row.Text(1), (uint)row.Int64(2), Times.Read(row, 3), will) { Owner = row.IsNull(14) ? null : _names.Text(row.Blob(14)) };
            var session = new LoadingSession(stored, sessions);
            loading.Add(session);
            _sessions.Add(session.Number, session);
        }

        return loading;
    }

    private void ReadSubscriptions()
    {
        using var row = connection.Prepare("SELECT session, filter, identifier, qos, no_local, retain_as_published FROM subscriptions ORDER BY session, filter");
        while (row.Step())
        {
            SessionOf(row.Int64(0)).Subscriptions.Add(
                new StoredSubscription(row.Blob(1).ToArray(), (int)row.Int64(2), (byte)row.Int64(3), row.Int64(4) != 0, row.Int64(5) != 0));
        }
    }

    private void ReadReceived()
    {
        const string sql =
            """
            SELECT session, packet_identifier, held_number, held_topic, held_properties, held_payload, held_qos, held_retain, held_expires_at, held_publisher
            FROM received ORDER BY session, packet_identifier
            """;
        using var row = connection.Prepare(sql);
        while (row.Step())
        {
            var session = SessionOf(row.Int64(0));
            session.Received.Add(new ReceivedChange(session.Number, (ushort)row.Int64(1), IsOwned: true, MessageColumns.ReadOptional(row, 2, _names)));
        }
    }

    private void ReadReleased()
    {
        const string sql =
            "SELECT session, sequence, packet_identifier, qos, retain, subscription_identifiers, share FROM released ORDER BY session, sequence";
        using var row = connection.Prepare(sql);
        while (row.Step()) SessionOf(row.Int64(0)).Add(DeliveryOf(row, null), DeliveryState.Released, (ushort)row.Int64(2));
    }

    private List<StoredMessage> ReadRetained()
    {
        var retained = new List<StoredMessage>();
        using var row = connection.Prepare("SELECT number, topic, properties, payload, qos, retain, expires_at, publisher FROM retained ORDER BY id");
        while (row.Step())
        {
            var message = MessageColumns.Read(row, 0, _names);
            retained.Add(message);
            _retained[message.Number] = message;
        }

        return retained;
    }

    /// <summary>Both tables are in the order of messages: they are read side by side.</summary>
    private void ReadDeliveries()
    {
        using var messages = connection.Prepare("SELECT number, topic, properties, payload, qos, retain, expires_at, publisher FROM messages ORDER BY number");
        using var row = connection.Prepare(
            """
            SELECT session, sequence, packet_identifier, qos, retain, subscription_identifiers, share, message, is_sent
            FROM deliveries ORDER BY message, session, sequence
            """);
        StoredMessage? message = null;
        while (row.Step())
        {
            var number = row.Int64(7);
            if (message?.Number != number) message = Find(messages, number);
            SessionOf(row.Int64(0)).Add(DeliveryOf(row, message), row.Int64(8) != 0 ? DeliveryState.Sent : DeliveryState.Queued, (ushort)row.Int64(2));
        }
    }

    private StoredMessage Find(SqliteStatement messages, long number)
    {
        while (messages.Step())
        {
            var found = messages.Int64(0);
            if (found > number) break;
            if (found == number) return _retained.GetValueOrDefault(number) ?? MessageColumns.Read(messages, 0, _names);
        }

        throw Damage($"message {number} is missing");
    }

    private StoredDelivery DeliveryOf(SqliteStatement row, StoredMessage? message) =>
        new(row.Int64(0), row.Int64(1), message, (byte)row.Int64(3), row.Int64(4) != 0, Identifiers(row.Blob(5)), _names.Bytes(row.Blob(6)));

    private LoadingSession SessionOf(long number) => _sessions.TryGetValue(number, out var session) ? session : throw Damage($"session {number} is missing");

    private SqliteException Damage(string what) => new(raw.SQLITE_CORRUPT, what, connection.File);
}
