using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>Applies a commit, within a transaction that its caller begins and ends.</summary>
internal sealed class CommitWriter(SqliteConnection connection, StoredSessionSet stored)
{
    private readonly SessionTables _sessions = new(connection);
    private readonly DeliveryTables _deliveries = new(connection, stored);
    private readonly RetainedTable _retained = new(connection);
    private readonly SqliteStatement _saveState = connection.Prepare("UPDATE state SET committed_at = ?1, last_number = max(last_number, ?2)");
    private long _greatest;

    public void Apply(BrokerCommit commit)
    {
        stored.Begin(commit.RemovedSessions);
        _deliveries.Begin();
        _greatest = 0;
        foreach (var session in commit.Sessions) Save(session);
        foreach (var change in commit.Subscriptions)
        {
            if (stored.Contains(change.Session)) _sessions.Change(change);
        }

        foreach (var change in commit.Received)
        {
            Saw(change.Held);
            if (stored.Contains(change.Session)) _sessions.Change(change);
        }

        foreach (var change in commit.Deliveries)
        {
            Saw(change.Delivery.Message);
            if (stored.TryGet(change.Delivery.Session, out var deliveries)) _deliveries.Change(change, deliveries);
        }

        _deliveries.Finish();
        foreach (var change in commit.Retained)
        {
            Saw(change.Message);
            _retained.Change(change);
        }

        End(commit.RemovedSessions);
        SaveState(commit.At);
    }

    private void Save(StoredSession session)
    {
        _greatest = Math.Max(_greatest, session.Number);
        Saw(session.Will?.Message);

        // It goes in this very commit, and must not take the client identifier from a session that comes.
        if (stored.IsEnding(session.Number)) return;

        if (_sessions.FindOther(session) is { } other) End([other]);
        _sessions.Save(session);
        stored.Add(session.Number);
    }

    private void End(IReadOnlyList<long> numbers)
    {
        if (numbers.Count == 0) return;

        var ending = new List<(long Session, DeliverySpan Deliveries)>(numbers.Count);
        foreach (var number in numbers)
        {
            if (!stored.TryRemove(number, out var deliveries)) continue;

            ending.Add((number, deliveries));
            _sessions.Remove(number);
        }

        _deliveries.End(ending);
    }

    private void SaveState(DateTimeOffset at)
    {
        using var save = _saveState;
        Times.Bind(save, 1, at);
        save.Bind(2, _greatest);
        save.Execute();
    }

    private void Saw(StoredMessage? message)
    {
        if (message is not null) _greatest = Math.Max(_greatest, message.Number);
    }
}
