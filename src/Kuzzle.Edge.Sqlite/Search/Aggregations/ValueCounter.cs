using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Counts the values that it is shown, or the different ones among them.</summary>
internal sealed class ValueCounter : ValueTest
{
    private readonly AggregationRun _run;
    private readonly HashSet<byte[]>? _texts;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly HashSet<Number>? _numbers;
    private readonly HashSet<long>? _booleans;

    public ValueCounter(bool distinct, AggregationRun run)
    {
        _run = run;
        if (!distinct) return;
        _texts = new HashSet<byte[]>(Utf8Comparer.Instance);
        _lookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        _numbers = [];
        _booleans = [];
    }

    /// <summary>How many it was shown.</summary>
    public long Seen { get; private set; }

    public long Count => _texts is null ? Seen : _texts.Count + _numbers!.Count + _booleans!.Count;

    /// <summary>Never passes: all values must be seen.</summary>
    public override bool Passes(FieldValue value)
    {
        Seen++;
        if (_texts is null) return false;
        var isNew = value.Type switch
        {
            FieldValueType.Text => _lookup.Add(value.Text),
            FieldValueType.Number => _numbers!.Add(value.Number),
            FieldValueType.Boolean => _booleans!.Add(value.Number.Whole),
            _ => false,
        };
        if (isNew) _run.Keep();
        return false;
    }
}
