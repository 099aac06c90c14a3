using System.Runtime.InteropServices;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>Filters by the scalar they want.</summary>
internal sealed class ScalarTable
{
    private readonly Dictionary<Utf8Text, Postings> _texts = new(Utf8TextComparer.Instance);
    private readonly Dictionary<double, Postings> _numbers = [];
    private Postings _true;
    private Postings _false;
    private Postings _null;

    /// <summary>How many different texts and numbers are wanted.</summary>
    public int DistinctCount => _texts.Count + _numbers.Count;

    public bool IsEmpty => DistinctCount == 0 && _true.IsEmpty && _false.IsEmpty && _null.IsEmpty;

    public void Add(Scalar value, int posting)
    {
        switch (value.Kind)
        {
            case JsonValueKind.String: CollectionsMarshal.GetValueRefOrAddDefault(_texts, value.Text, out _).Add(posting); break;
            case JsonValueKind.Number: CollectionsMarshal.GetValueRefOrAddDefault(_numbers, value.Number, out _).Add(posting); break;
            default: Rest(value.Kind).Add(posting); break;
        }
    }

    public void Remove(Scalar value, int posting)
    {
        switch (value.Kind)
        {
            case JsonValueKind.String: Remove(_texts, value.Text, posting); break;
            case JsonValueKind.Number: Remove(_numbers, value.Number, posting); break;
            default: Rest(value.Kind).Remove(posting); break;
        }
    }

    public void FireText(ReadOnlySpan<byte> text, ExpressionIndex sink)
    {
        if (_texts.Count > 0 && _texts.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text, out var postings)) postings.Fire(sink);
    }

    public void FireNumber(double number, ExpressionIndex sink)
    {
        if (_numbers.Count > 0 && _numbers.TryGetValue(number, out var postings)) postings.Fire(sink);
    }

    public void FireOther(JsonValueKind kind, ExpressionIndex sink)
    {
        if (kind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null) Rest(kind).Fire(sink);
    }

    private static void Remove<TKey>(Dictionary<TKey, Postings> table, TKey key, int posting)
        where TKey : notnull
    {
        ref var postings = ref CollectionsMarshal.GetValueRefOrNullRef(table, key);
        postings.Remove(posting);
        if (postings.IsEmpty) table.Remove(key);
    }

    private ref Postings Rest(JsonValueKind kind)
    {
        switch (kind)
        {
            case JsonValueKind.True: return ref _true;
            case JsonValueKind.False: return ref _false;
            default: return ref _null;
        }
    }
}
