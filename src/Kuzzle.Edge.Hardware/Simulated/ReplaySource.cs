using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Simulated;

/// <summary>
/// Gives the values of a recording (CSV) again, in its own pace: the first measurement gets the first row, and each later one the row that was the newest after the same time.
/// An empty cell is a measurement that failed.
/// </summary>
public sealed class ReplaySource : ISensorSource
{
    private readonly string _path;
    private readonly List<ReplayRow> _rows;
    private readonly bool _repeats;
    private DateTimeOffset? _start;

    private ReplaySource(string path, List<ReplayRow> rows, string kind, string unit, bool repeats)
    {
        _path = path;
        _rows = rows;
        _repeats = repeats;
        Kind = kind;
        Unit = unit;
    }

    /// <inheritdoc/>
    public string Description => $"recording {_path} ({_rows.Count} rows)";

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public string Unit { get; }

    /// <summary>Reads a recording whole: a time in each line (seconds, or as 2026-01-31T12:00:00Z), then values. Up to a million rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The name of the value's column in the first line, or its number from 2; null takes the second.</param>
    /// <param name="kind">What was measured.</param>
    /// <param name="unit">In what unit.</param>
    /// <param name="repeats">Whether it begins anew after its end; else measurements fail then.</param>
    public static Outcome<ReplaySource> Load(string path, string? column, string kind, string unit, bool repeats)
    {
        var rows = ReplayFile.Read(path, column);
        return rows.IsGood ? new ReplaySource(path, rows.Value, kind, unit, repeats) : rows.Fault;
    }

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        if (_start is null || at < _start) _start = at; // A clock that was set back begins anew.

        var seconds = (at - _start.Value).TotalSeconds;
        var last = _rows[^1].Seconds;
        if (seconds > last)
        {
            // The last value holds for as long as the one before it did.
            var whole = last + (_rows.Count > 1 ? last - _rows[^2].Seconds : 0);
            if (!_repeats && seconds > whole) return Measurement.Failed($"The recording {_path} has ended.");
            if (_repeats) seconds = whole > 0 ? seconds % whole : 0;
        }

        var row = NewestAt(seconds);
        return double.IsNaN(row.Value) ? Measurement.Failed($"The recording {_path} has a gap {row.Seconds:0.###} s after its start.") : Measurement.Of(row.Value);
    }

    private ReplayRow NewestAt(double seconds)
    {
        var (low, high) = (0, _rows.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_rows[middle].Seconds <= seconds) low = middle;
            else high = middle - 1;
        }

        return _rows[low];
    }
}
