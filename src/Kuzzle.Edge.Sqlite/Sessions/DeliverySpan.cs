namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>
/// How many deliveries a session has, and between which messages they lie: deliveries are kept in the order of their messages, and those of a session that ends
/// are looked for here only. Never narrower than the truth, also when a transaction fails.
/// </summary>
internal sealed class DeliverySpan
{
    private long _count;
    private long _change;
    private bool _isChanged;

    public bool IsEmpty => _count + _change <= 0;

    public long First { get; private set; } = long.MaxValue;

    public long Last { get; private set; } = long.MinValue;

    public void Include(long message)
    {
        First = Math.Min(First, message);
        Last = Math.Max(Last, message);
    }

    /// <summary>Counts more of them, or less.</summary>
    /// <returns>Whether this is the first change of the transaction.</returns>
    public bool Count(int change)
    {
        _change += change;
        if (_isChanged) return false;

        return _isChanged = true;
    }

    public void Accept()
    {
        _count += _change;
        Discard();
        if (!IsEmpty) return;

        First = long.MaxValue;
        Last = long.MinValue;
    }

    public void Discard()
    {
        _change = 0;
        _isChanged = false;
    }
}
