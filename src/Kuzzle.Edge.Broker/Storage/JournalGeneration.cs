namespace Kuzzle.Edge.Broker.Storage;

/// <summary>What becomes one commit, and who waits for it.</summary>
internal sealed class JournalGeneration(long ticket)
{
    /// <summary>One more than the one before.</summary>
    public long Ticket { get; } = ticket;

    public BrokerCommit Commit { get; } = new();

    /// <summary>Deliveries that have changed; what is written is how far they are when the commit begins.</summary>
    public List<JournaledDelivery> Deliveries { get; } = [];

    /// <summary>Sessions that have changed, by number.</summary>
    public Dictionary<long, StoredSession> Sessions { get; } = [];

    /// <summary>Sessions that have ended.</summary>
    public HashSet<long> RemovedSessions { get; } = [];

    public List<IJournalWaiter> Waiters { get; } = [];

    /// <summary>Whether anything has changed.</summary>
    public bool HasChanges { get; set; }

    /// <summary>Makes the commit complete. Called once, under the journal's lock.</summary>
    public void Seal(DateTimeOffset now)
    {
        Commit.At = now;
        foreach (var delivery in Deliveries)
        {
            delivery.IsGathered = false;
            if (RemovedSessions.Contains(delivery.Content.Session)) continue;

            // What came and went before it was ever written leaves no trace.
            if (delivery.State == DeliveryState.Done && !delivery.IsStored) continue;

            Commit.DeliveryList.Add(new DeliveryChange(delivery.Content, !delivery.IsStored, delivery.State, delivery.PacketIdentifier));
            delivery.IsStored = true;
        }

        Commit.SessionList.AddRange(Sessions.Values);
        Commit.RemovedSessionList.AddRange(RemovedSessions);
    }
}
