using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>
/// All sessions by client identifier, and whose each is. A session has one owner at any time: a connection that wants one that is taken has the owner closed and
/// waits until it has gone, its will and its last words included.
/// </summary>
internal sealed class SessionRegistry(BrokerCore core)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = [];

    public int Count
    {
        get
        {
            lock (_gate) return _sessions.Count;
        }
    }

    /// <summary>The client identifiers of sessions whose owner is of this kind.</summary>
    public IReadOnlyList<string> List(IdentityKind kind)
    {
        var prefix = new ClientIdentity(kind, "").Key;
        lock (_gate)
        {
            return [.. _sessions.Values.Where(session => prefix is null ? session.Ownership.Identity is null : session.Ownership.Identity?.StartsWith(prefix, StringComparison.Ordinal) == true).Select(session => session.ClientId)];
        }
    }

    public ValueTask<ClaimOutcome> ClaimAsync(string clientId, ClientConnection claimant)
    {
        SessionClaim claim;
        SessionClaim? superseded;
        ClientConnection owner;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(clientId, out var session))
            {
                if (_sessions.Count >= core.Options.MaxSessions) return new(new ClaimOutcome(null, false, null, ClaimRefusal.TooManySessions));

                session = new Session(core, clientId);
                _sessions.Add(clientId, session);
            }

            var ownership = session.Ownership;
            if (!ownership.IsOpenTo(claimant.Identity)) return new(new ClaimOutcome(null, false, null, ClaimRefusal.NotTheirs));
            if (ownership.Owner is null) return new(Give(session, claimant));

            owner = ownership.Owner;
            superseded = ownership.Claim;
            ownership.Claim = claim = new SessionClaim(claimant);
        }

        // Only the latest waits: in a burst of takeovers those between would each throw out the next.
        superseded?.Settle(new ClaimOutcome(null, false, null, ClaimRefusal.Superseded));
        owner.CloseForTakeover();
        return new(claim.Outcome);
    }

    /// <summary>Takes sessions back that an earlier process has stored. Those that were connected are away since now.</summary>
    public void Restore(IReadOnlyList<LoadedSession> stored)
    {
        foreach (var loaded in stored)
        {
            var session = new Session(core, loaded.Session.ClientId);
            session.Restore(loaded);
            session.Ownership.Identity = loaded.Session.Owner;
            lock (_gate) _sessions[session.ClientId] = session;
        }

        // Wills and ends only when everybody is there to hear of them.
        foreach (var loaded in stored) Await(loaded.Session);
    }

    /// <summary>A connection has the session now.</summary>
    /// <returns>The commit that knows it.</returns>
    public long SaveConnected(Session session, uint expirySeconds, Will? will)
    {
        session.Outlives = core.Journal.IsDurable && expirySeconds != 0;
        var storedWill = core.Journal.IsDurable ? will?.ToStored(core.Journal) : null;
        if (session.Stored is null && !session.Outlives && storedWill is null) return 0;

        var number = session.Stored?.Number ?? core.Journal.NextNumber();
        session.Stored = new StoredSession(number, session.ClientId, expirySeconds, DisconnectedAt: null, storedWill) { Owner = session.Ownership.Identity };
        return core.Journal.Save(session.Stored);
    }

    /// <summary>Publishes a will, which is not stored any more then.</summary>
    public void Publish(Will will, DeliveryBatch batch)
    {
        if (will.Session.Stored is not { Will: not null } stored)
        {
            core.Router.Route(will, batch);
            return;
        }

        core.Journal.BeginTogether();
        core.Router.Route(will, batch);
        will.Session.Stored = stored with { Will = null };
        _ = core.Journal.Save(will.Session.Stored);
        core.Journal.EndTogether();
    }

    /// <summary>The owner has gone, and this is what it leaves: a session that lives on for some time, perhaps with a will that waits.</summary>
    public void ReleaseKept(Session session, uint expirySeconds, Will? will)
    {
        session.Detach();
        var now = core.Clock.Now;
        if (session.Stored is { } stored)
        {
            session.Stored = stored with { ExpirySeconds = expirySeconds, DisconnectedAt = core.Journal.WallNow, Will = will?.ToStored(core.Journal) };
            _ = core.Journal.Save(session.Stored);
        }

        lock (_gate)
        {
            var ownership = session.Ownership;
            ownership.HasState = true;
            ownership.ExpiresAt = expirySeconds == uint.MaxValue ? BrokerClock.Never : now + (expirySeconds * 1000L);
            ownership.Will = will;
            ownership.WillAt = will is null ? BrokerClock.Never : now + (will.DelaySeconds * 1000L);
            if (HandOver(session)) return;

            ownership.Alarm ??= new Alarm(core.Clock, new Watch(this, session));
            ownership.Alarm.Set(DueOf(ownership));
        }
    }

    /// <summary>The owner has gone, and its session ends with it.</summary>
    public void ReleaseEnded(Session session)
    {
        var batch = core.Batches.Rent();
        session.Discard(batch, UnsubscribeCause.Closed);
        lock (_gate)
        {
            session.Ownership.HasState = false;
            if (!HandOver(session))
            {
                _ = _sessions.Remove(session.ClientId);
                session.Ownership.Alarm?.Disarm();
            }
        }

        core.Batches.Finish(batch);
    }

    /// <summary>The session of a client identifier, for the program's own look at it.</summary>
    public Session? Find(string clientId)
    {
        lock (_gate) return _sessions.GetValueOrDefault(clientId);
    }

    /// <summary>The connection that has the session of a client identifier now.</summary>
    public ClientConnection? FindOwner(string clientId)
    {
        lock (_gate) return _sessions.GetValueOrDefault(clientId)?.Ownership.Owner;
    }

    private void Await(StoredSession stored)
    {
        lock (_gate)
        {
            var session = _sessions[stored.ClientId];
            var ownership = session.Ownership;
            var journal = core.Journal;
            var awaySince = stored.DisconnectedAt is { } at ? journal.TimeOf(at) : core.Clock.Now;
            ownership.HasState = session.Outlives;
            ownership.ExpiresAt = stored.ExpirySeconds == uint.MaxValue ? BrokerClock.Never : awaySince + (stored.ExpirySeconds * 1000L);
            if (stored.Will is { } will)
            {
                ownership.Will = new Will(session, Publication.Of(will.Message, journal), will.DelaySeconds, will.ExpirySeconds);
                ownership.WillAt = awaySince + (will.DelaySeconds * 1000L);
            }

            ownership.Alarm = new Alarm(core.Clock, new Watch(this, session));
            ownership.Alarm.Set(DueOf(ownership));
        }
    }

    private static bool HandOver(Session session)
    {
        var ownership = session.Ownership;
        ownership.Owner = null;
        if (ownership.Claim is not { } claim) return false;

        ownership.Claim = null;
        claim.Settle(Give(session, claim.Claimant));
        return true;
    }

    private static ClaimOutcome Give(Session session, ClientConnection owner)
    {
        var ownership = session.Ownership;
        var outcome = new ClaimOutcome(session, ownership.HasState, ownership.Will, ClaimRefusal.None) { IsOwn = ownership.Identity == owner.Identity.Key };
        ownership.Owner = owner;
        ownership.Identity = owner.Identity.Key;
        ownership.Will = null;
        ownership.WillAt = BrokerClock.Never;
        ownership.ExpiresAt = BrokerClock.Never;
        return outcome;
    }

    private static long DueOf(Ownership ownership) => Math.Min(ownership.ExpiresAt, ownership.WillAt);

    private long Look(Session session, long now)
    {
        Will? will = null;
        bool hasEnded;
        long next;
        lock (_gate)
        {
            var ownership = session.Ownership;
            if (ownership.Owner is not null || !_sessions.TryGetValue(session.ClientId, out var current) || current != session)
            {
                return BrokerClock.Never;
            }

            // The will goes at its time or with the session, whichever is first. [MQTT5-3.1.3-9]
            hasEnded = now >= ownership.ExpiresAt;
            if (hasEnded || now >= ownership.WillAt)
            {
                will = ownership.Will;
                ownership.Will = null;
                ownership.WillAt = BrokerClock.Never;
            }

            // Whoever connects from now on gets a new one.
            if (hasEnded) _ = _sessions.Remove(session.ClientId);
            next = hasEnded ? BrokerClock.Never : DueOf(ownership);
        }

        if (will is not null && core.Handlers is { SeesPublications: true }) core.Pending.Run(() => FinishAsync(session, will, hasEnded));
        else Finish(session, will, hasEnded);
        return next;
    }

    private async Task FinishAsync(Session session, Will due, bool hasEnded)
    {
        var will = await AskedWill.JudgeAsync(core, due, client: null).ConfigureAwait(false);
        Finish(session, will, hasEnded);
        if (will is not null) await AskedWill.TellAsync(core, will, client: null).ConfigureAwait(false);
    }

    private void Finish(Session session, Will? will, bool hasEnded)
    {
        var batch = core.Batches.Rent();
        if (will is not null) Publish(will, batch);
        if (hasEnded)
        {
            session.Discard(batch, UnsubscribeCause.Expired);
            core.Metrics.SessionExpired();
        }

        core.Batches.Finish(batch);
    }

    private sealed class Watch(SessionRegistry registry, Session session) : IDue
    {
        public long OnDue(long now) => registry.Look(session, now);
    }
}
