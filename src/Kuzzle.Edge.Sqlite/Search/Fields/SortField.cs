using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>What documents are sorted by: one value that is made of those of a field, or of its distances from a place.</summary>
internal sealed class SortField
{
    private readonly Field _searched;
    private readonly SortMode _mode;
    private readonly ExtremeValue _extreme;
    private readonly List<double> _numbers = [];
    private readonly ValueTest _sink;

    public SortField(Field searched, SortMode mode, DistanceOrigin? origin = null)
    {
        _searched = searched;
        _mode = mode;
        _extreme = new ExtremeValue(mode);
        var isOne = mode is SortMode.Smallest or SortMode.Largest;
        _sink = origin is null && isOne ? _extreme : new SortSink(this, origin);
    }

    public Field Searched => _searched;

    /// <summary>The value, valid until the next call; look first whether there is one.</summary>
    public ExtremeValue ValueOf(FieldScanner scanner, ReadOnlySpan<byte> source)
    {
        _extreme.Clear();
        _numbers.Clear();
        if (_searched.Kind == FieldKind.Hidden) return _extreme;
        scanner.Any(source, _searched, _sink);
        if (_numbers.Count > 0) _extreme.Passes(FieldValue.Of(new Number(Combine())));
        return _extreme;
    }

    private double Combine()
    {
        if (_mode == SortMode.Smallest) return _numbers.Min();
        if (_mode == SortMode.Largest) return _numbers.Max();
        if (_mode == SortMode.Sum) return _numbers.Sum();
        if (_mode == SortMode.Average) return _numbers.Average();
        _numbers.Sort();
        var middle = _numbers.Count / 2;
        return _numbers.Count % 2 == 1 ? _numbers[middle] : (_numbers[middle - 1] + _numbers[middle]) / 2;
    }

    /// <summary>Keeps numbers and distances. Never passes: all values must be seen.</summary>
    private sealed class SortSink(SortField owner, DistanceOrigin? origin) : ValueTest
    {
        public override bool Passes(FieldValue value)
        {
            if (value.Type == FieldValueType.Point && origin is not null) owner._numbers.Add(origin.DistanceTo(value.Point));
            else if (value.Type is FieldValueType.Number or FieldValueType.Boolean) owner._numbers.Add(value.Number.Real);
            return false;
        }
    }
}
