using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>A chip that is measured by one at a time, and not more often than it can bear: whoever asks within its interval gets the values just measured.</summary>
/// <param name="minInterval">The pause that it needs; zero for none.</param>
/// <param name="gate">Held while it is measured; shared by all that use the same address.</param>
internal abstract class PacedChip(TimeSpan minInterval, Lock gate) : IChip
{
    private IReadOnlyDictionary<string, Measurement>? _last;
    private DateTimeOffset _lastAt;

    public abstract string Description { get; }

    public abstract IReadOnlyList<ChipChannel> Channels { get; }

    public Outcome<IReadOnlyDictionary<string, Measurement>> Measure(DateTimeOffset at)
    {
        lock (gate)
        {
            // A clock that was set back must not freeze the values.
            if (_last is not null && at >= _lastAt && at - _lastAt < minInterval) return Outcome<IReadOnlyDictionary<string, Measurement>>.Of(_last);

            var measured = MeasureNow(at);
            _last = measured.Value;
            _lastAt = at;
            return measured;
        }
    }

    /// <summary>Measures; called by one at a time.</summary>
    /// <param name="at">The time of the measurement.</param>
    protected abstract Outcome<IReadOnlyDictionary<string, Measurement>> MeasureNow(DateTimeOffset at);
}
