namespace Kuzzle.Edge.Devices.Sensors.Conditioning;

/// <summary>Decides which values are worth telling. Used by one thread at a time.</summary>
/// <param name="deadBand">How far from the last published value; 0 for every value.</param>
/// <param name="minInterval">The least time between two publications.</param>
/// <param name="maxInterval">After this time a value is told even if it is the same; zero when it need not be.</param>
internal sealed class PublicationGate(double deadBand, TimeSpan minInterval, TimeSpan maxInterval)
{
    private double? _published;
    private TimeSpan _publishedAt;

    /// <summary>Whether this value is to be published; if so, it counts as published.</summary>
    /// <param name="value">The value.</param>
    /// <param name="now">The time of a clock that does not jump.</param>
    public bool Passes(double value, TimeSpan now)
    {
        if (_published is { } last)
        {
            var since = now - _publishedAt;
            if (since < minInterval) return false;

            var isOverdue = maxInterval > TimeSpan.Zero && since >= maxInterval;
            if (deadBand > 0 && !isOverdue && Math.Abs(value - last) < deadBand) return false;
        }

        _published = value;
        _publishedAt = now;
        return true;
    }

    /// <summary>The next value is published whatever it is: something else has been told since.</summary>
    public void Reopen() => _published = null;
}
