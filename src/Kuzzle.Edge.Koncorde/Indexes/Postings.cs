namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>Numbers that stand for filters. A single one, which most are, takes no memory of its own.</summary>
internal struct Postings
{
    private int _single;
    private int[]? _many;

    public int Count { readonly get; private set; }

    public readonly bool IsEmpty => Count == 0;

    public void Add(int posting)
    {
        if (Count == 0)
        {
            _single = posting;
        }
        else
        {
            _many ??= [_single, 0, 0, 0];
            if (Count == _many.Length) Array.Resize(ref _many, 2 * Count);
            _many[Count] = posting;
        }

        Count++;
    }

    public void Remove(int posting)
    {
        if (_many is null)
        {
            Count = 0;
            return;
        }

        var at = Array.IndexOf(_many, posting, 0, Count);
        _many[at] = _many[--Count];
        if (Count > 1) return;

        _single = _many[0];
        _many = null;
    }

    public readonly void Fire(ExpressionIndex sink)
    {
        if (_many is null)
        {
            if (Count == 1) sink.Fire(_single);
            return;
        }

        foreach (var posting in _many.AsSpan(0, Count)) sink.Fire(posting);
    }
}
