using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>
/// The tables of <c>broker.db</c>. The key of a delivery begins with its message, not with its session: what is new then always goes to the end of the table,
/// also when one message is for a thousand clients with long queues, which spares an SD card a page for each of them; and whether a message is still waited for
/// is answered by the same key, without a counter that could go wrong.
/// </summary>
internal static class BrokerSchema
{
    /// <summary>The current version. Its application id is "KzBr". Times are ticks of 100 ns since the year 1, in UTC.</summary>
    public static readonly DatabaseSchema Current = new(
        applicationId: 0x4B7A4272,
        """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            committed_at INTEGER,
            last_number INTEGER NOT NULL
        ) STRICT;
        INSERT INTO state (id, committed_at, last_number) VALUES (1, NULL, 0);
        CREATE TABLE sessions (
            number INTEGER PRIMARY KEY,
            client_id TEXT NOT NULL UNIQUE,
            owner TEXT, -- NULL for an anonymous client's
            expiry_seconds INTEGER NOT NULL,
            disconnected_at INTEGER,
            will_delay_seconds INTEGER, -- with all that follows: NULL without a will
            will_expiry_seconds INTEGER, -- or NULL for one that is wanted for ever
            will_number INTEGER,
            will_topic BLOB,
            will_properties BLOB,
            will_payload BLOB,
            will_qos INTEGER,
            will_retain INTEGER,
            will_expires_at INTEGER,
            will_publisher TEXT
        ) STRICT;
        CREATE TABLE subscriptions (
            session INTEGER NOT NULL,
            filter BLOB NOT NULL,
            identifier INTEGER NOT NULL,
            qos INTEGER NOT NULL,
            no_local INTEGER NOT NULL,
            retain_as_published INTEGER NOT NULL,
            PRIMARY KEY (session, filter)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE received (
            session INTEGER NOT NULL,
            packet_identifier INTEGER NOT NULL,
            held_number INTEGER, -- with all that follows: NULL when nothing is held
            held_topic BLOB,
            held_properties BLOB,
            held_payload BLOB,
            held_qos INTEGER,
            held_retain INTEGER,
            held_expires_at INTEGER,
            held_publisher TEXT,
            PRIMARY KEY (session, packet_identifier)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE messages (
            number INTEGER PRIMARY KEY,
            topic BLOB NOT NULL,
            properties BLOB NOT NULL,
            payload BLOB NOT NULL,
            qos INTEGER NOT NULL,
            retain INTEGER NOT NULL,
            expires_at INTEGER,
            publisher TEXT
        ) STRICT;
        CREATE TABLE deliveries (
            message INTEGER NOT NULL, -- REFERENCES messages, without what SQLite would do to check it
            session INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            is_sent INTEGER NOT NULL,
            packet_identifier INTEGER NOT NULL,
            qos INTEGER NOT NULL,
            retain INTEGER NOT NULL,
            subscription_identifiers BLOB NOT NULL, -- four bytes each, the lowest first
            share BLOB NOT NULL,
            PRIMARY KEY (message, session, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE released ( -- deliveries that no longer need their message
            session INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            packet_identifier INTEGER NOT NULL,
            qos INTEGER NOT NULL,
            retain INTEGER NOT NULL,
            subscription_identifiers BLOB NOT NULL,
            share BLOB NOT NULL,
            PRIMARY KEY (session, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE retained ( -- with a rowid, for the messages are long for the pages of an index
            id INTEGER PRIMARY KEY,
            topic BLOB NOT NULL UNIQUE,
            number INTEGER NOT NULL,
            properties BLOB NOT NULL,
            payload BLOB NOT NULL,
            qos INTEGER NOT NULL,
            retain INTEGER NOT NULL,
            expires_at INTEGER,
            publisher TEXT
        ) STRICT;
        """);
}
