using System.Runtime.InteropServices;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// Acknowledgements of a client's messages, in the order of the messages. [MQTT-4.6.0-2] One leaves when all that its message owes is on the disk, and none before those
/// that came earlier; where nothing is owed, that is at once and costs nothing here.
/// </summary>
internal sealed class AcknowledgementQueue(ClientConnection connection, Journal journal) : IJournalWaiter
{
    private Queue<Entry>? _waiting;
    private long _lastTicket;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            if (Volatile.Read(ref _waiting) is not { } waiting) return 0;

            lock (waiting) return waiting.Count;
        }
    }

    /// <summary>Sends an acknowledgement once a commit is on the disk. Called on the connection's loop only.</summary>
    public void Append(long ticket, PacketType type, ushort identifier, ReasonCode reason, DeliveryBatch batch, string? why = null)
    {
        if (_waiting is null && journal.IsCommitted(ticket))
        {
            Acknowledgement.Append(connection, type, identifier, reason, batch, why);
            return;
        }

        if (_waiting is null) Volatile.Write(ref _waiting, new Queue<Entry>());
        lock (_waiting!)
        {
            if (_waiting.Count == 0 && journal.IsCommitted(ticket))
            {
                Acknowledgement.Append(connection, type, identifier, reason, batch, why);
                return;
            }

            _waiting.Enqueue(new Entry(Math.Max(ticket, _lastTicket), type, identifier, reason, why));
            if (ticket <= _lastTicket) return;

            _lastTicket = ticket;
            if (!journal.TryWait(ticket, this)) SendLocked(batch);
        }
    }

    public void OnCommitted(DeliveryBatch batch)
    {
        lock (_waiting!) SendLocked(batch);
    }

    /// <summary>Completes when all that wait now may leave.</summary>
    public Task WhenCommittedAsync(CancellationToken cancellationToken) => journal.WhenCommittedAsync(_lastTicket).WaitAsync(cancellationToken);

    private void SendLocked(DeliveryBatch batch)
    {
        while (_waiting!.TryPeek(out var first) && journal.IsCommitted(first.Ticket))
        {
            _ = _waiting.Dequeue();
            Acknowledgement.Append(connection, first.Type, first.Identifier, first.Reason, batch, first.Why);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(long Ticket, PacketType Type, ushort Identifier, ReasonCode Reason, string? Why);
}
