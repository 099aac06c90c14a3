using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Scheduling;

/// <summary>Something that is read again and again. It is asked by one thread at a time.</summary>
internal interface IScheduled
{
    /// <summary>Time between the beginnings of two readings.</summary>
    TimeSpan Interval { get; }

    /// <summary>How long a reading may take before its thread is given up.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Asks the chip; blocks. One measurement for each channel.</summary>
    Measurement[] Measure(DateTimeOffset at);

    /// <summary>Takes what was measured. Answers how long to wait for the next try; null for the next time on the schedule.</summary>
    TimeSpan? Accept(DateTimeOffset at, Measurement[] measured);

    /// <summary>The chip has not answered in time. It is asked again when, and if, it has.</summary>
    void TimedOut();

    /// <summary>No thread was free for it for as long as a reading may take; it waits on.</summary>
    void Starved();
}
