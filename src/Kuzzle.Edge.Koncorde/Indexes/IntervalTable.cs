using System.Runtime.InteropServices;
using Kuzzle.Edge.Koncorde.Conditions;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>
/// Filters by the interval they want. Sorted by lower bound; over each block of intervals stands the highest upper bound in it, and over each block of
/// blocks again, so that whole blocks which end too early are passed over. New intervals wait in a short list, in no order, until sorting pays.
/// </summary>
internal sealed class IntervalTable
{
    private const int BlockSize = 32;

    // Waiting intervals are looked at one by one, so there are no more of them than this and a sixty-fourth of the sorted ones.
    private const int LeastWaiting = 64;

    private readonly List<Entry> _waiting = [];
    private double[] _lows = [];
    private double[] _highs = [];
    private int[] _postings = []; // -1 where one was removed
    private double[] _blockHighs = [];
    private double[] _superHighs = [];
    private int _removed;

    public int Count => _lows.Length - _removed + _waiting.Count;

    public void Add(Interval interval, int posting) => _waiting.Add(new Entry(interval, posting));

    public void Remove(Interval interval, int posting)
    {
        SortIfDue();
        var entry = new Entry(interval, posting);
        var waiting = _waiting.IndexOf(entry);
        if (waiting >= 0)
        {
            _waiting[waiting] = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            return;
        }

        for (var i = FirstAtOrAbove(interval.Low); ; i++)
        {
            if (_postings[i] != posting || !_highs[i].Equals(interval.High)) continue;

            _postings[i] = -1;
            _highs[i] = double.NegativeInfinity; // never reached again; the maxima above stay too high until the next sorting
            _removed++;
            break;
        }

        if (_removed > LeastWaiting + (_lows.Length / 4)) Sort();
    }

    public void Fire(double number, ExpressionIndex sink)
    {
        SortIfDue();
        foreach (var entry in _waiting)
        {
            if (entry.Interval.Contains(number)) sink.Fire(entry.Posting);
        }

        var end = FirstAbove(number); // from here on, all begin too late
        var blockEnd = (end + BlockSize - 1) / BlockSize;
        for (var super = 0; super * BlockSize < blockEnd; super++)
        {
            if (_superHighs[super] < number) continue;

            var last = Math.Min((super + 1) * BlockSize, blockEnd);
            for (var block = super * BlockSize; block < last; block++)
            {
                if (_blockHighs[block] >= number) FireBlock(block * BlockSize, Math.Min((block + 1) * BlockSize, end), number, sink);
            }
        }
    }

    private void FireBlock(int from, int to, double number, ExpressionIndex sink)
    {
        for (var i = from; i < to; i++)
        {
            if (_highs[i] >= number && _postings[i] >= 0) sink.Fire(_postings[i]);
        }
    }

    private void SortIfDue()
    {
        if (_waiting.Count > LeastWaiting + (_lows.Length / 64)) Sort();
    }

    private void Sort()
    {
        var all = new List<Entry>(Count);
        for (var i = 0; i < _lows.Length; i++)
        {
            if (_postings[i] >= 0) all.Add(new Entry(new Interval(_lows[i], _highs[i]), _postings[i]));
        }

        // What was sorted stays sorted; the merge is linear.
        _waiting.Sort(static (left, right) => left.Interval.Low.CompareTo(right.Interval.Low));
        var merged = Merge(all, _waiting);
        _waiting.Clear();
        _removed = 0;
        _lows = Array.ConvertAll(merged, static entry => entry.Interval.Low);
        _highs = Array.ConvertAll(merged, static entry => entry.Interval.High);
        _postings = Array.ConvertAll(merged, static entry => entry.Posting);
        _blockHighs = MaximaOf(_highs);
        _superHighs = MaximaOf(_blockHighs);
    }

    private static Entry[] Merge(List<Entry> left, List<Entry> right)
    {
        var merged = new Entry[left.Count + right.Count];
        int i = 0, j = 0;
        for (var k = 0; k < merged.Length; k++)
        {
            var isLeft = j == right.Count || (i < left.Count && left[i].Interval.Low <= right[j].Interval.Low);
            merged[k] = isLeft ? left[i++] : right[j++];
        }

        return merged;
    }

    private static double[] MaximaOf(double[] values)
    {
        var maxima = new double[(values.Length + BlockSize - 1) / BlockSize];
        Array.Fill(maxima, double.NegativeInfinity);
        for (var i = 0; i < values.Length; i++) maxima[i / BlockSize] = Math.Max(maxima[i / BlockSize], values[i]);
        return maxima;
    }

    private int FirstAbove(double number)
    {
        int low = 0, high = _lows.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_lows[middle] > number) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private int FirstAtOrAbove(double number)
    {
        int low = 0, high = _lows.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_lows[middle] >= number) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(Interval Interval, int Posting);
}
