using System.Globalization;

namespace Kuzzle.Edge.Broker.SysTopics;

/// <summary>How fast something grows, per minute, as moving averages over 1, 5 and 15 minutes in which older minutes fade.</summary>
internal sealed class LoadAverage(string name, Func<long> count)
{
    private static readonly int[] Spans = [1, 5, 15];

    private readonly double[] _averages = new double[Spans.Length];
    private long _last = count();

    /// <summary>Takes a time into account that has passed since the last call.</summary>
    public void Advance(TimeSpan passed)
    {
        var now = count();
        var perMinute = (now - _last) / passed.TotalMinutes;
        _last = now;
        for (var i = 0; i < Spans.Length; i++)
        {
            var kept = Math.Exp(-passed.TotalMinutes / Spans[i]);
            _averages[i] = perMinute + (kept * (_averages[i] - perMinute));
        }
    }

    public IEnumerable<(string Topic, string Value)> Read()
    {
        for (var i = 0; i < Spans.Length; i++) yield return ($"load/{name}/{Spans[i]}min", _averages[i].ToString("F2", CultureInfo.InvariantCulture));
    }
}
