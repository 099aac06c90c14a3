using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>
/// Which sessions are stored, in memory: each change must know it, and asking the database each time would cost as much as the change. A transaction's additions
/// and removals count at once, and for good when it is accepted.
/// </summary>
internal sealed class StoredSessionSet
{
    private readonly Dictionary<long, DeliverySpan> _stored = [];
    private readonly Dictionary<long, DeliverySpan> _added = [];
    private readonly HashSet<long> _removed = [];
    private readonly HashSet<long> _ending = [];
    private readonly List<DeliverySpan> _changed = [];

    /// <summary>Begins a transaction that removes these sessions at its end: what else it changes about them is without consequence.</summary>
    public void Begin(IReadOnlyList<long> ending)
    {
        foreach (var number in ending) _ending.Add(number);
    }

    public bool IsEnding(long number) => _ending.Count > 0 && _ending.Contains(number);

    /// <summary>Whether changes of this session are to be written.</summary>
    public bool TryGet(long number, [NotNullWhen(true)] out DeliverySpan? deliveries)
    {
        deliveries = null;
        if (IsEnding(number)) return false;
        if (_added.Count > 0 && _added.TryGetValue(number, out deliveries)) return true;

        return (_removed.Count == 0 || !_removed.Contains(number)) && _stored.TryGetValue(number, out deliveries);
    }

    public bool Contains(long number) => TryGet(number, out _);

    public void Add(long number)
    {
        if (!Contains(number)) _added[number] = new DeliverySpan();
    }

    /// <summary>Takes a session away.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRemove(long number, [NotNullWhen(true)] out DeliverySpan? deliveries)
    {
        if (_added.Remove(number, out deliveries)) return true;

        return _stored.TryGetValue(number, out deliveries) && _removed.Add(number);
    }

    /// <summary>Counts deliveries of a session that come with this transaction, or go.</summary>
    public void Count(DeliverySpan deliveries, int change)
    {
        if (deliveries.Count(change)) _changed.Add(deliveries);
    }

    /// <summary>The transaction is on the disk.</summary>
    public void Accept()
    {
        foreach (var number in _removed) _stored.Remove(number);
        foreach (var (number, deliveries) in _added) _stored[number] = deliveries;
        foreach (var deliveries in _changed) deliveries.Accept();
        Forget();
    }

    /// <summary>The transaction had no effect.</summary>
    public void Discard()
    {
        foreach (var deliveries in _changed) deliveries.Discard();
        Forget();
    }

    private void Forget()
    {
        _added.Clear();
        _removed.Clear();
        _ending.Clear();
        _changed.Clear();
    }
}
