using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>What documents are sorted by: the smallest or largest value of a field.</summary>
internal sealed class SortField(Field searched, SortMode mode)
{
    private readonly ExtremeValue _extreme = new(mode);

    /// <summary>The value, valid until the next call; look first whether there is one.</summary>
    public ExtremeValue ValueOf(FieldScanner scanner, ReadOnlySpan<byte> source)
    {
        _extreme.Clear();
        if (searched.Kind != FieldKind.Hidden) scanner.Any(source, searched, _extreme);
        return _extreme;
    }
}
