using Kuzzle.Edge.Devices.Sensors.Scheduling;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Tests.Sensors.Scheduling;

/// <summary>Something that is read, and hangs when a test wants it to.</summary>
internal sealed class ManualProbe : IScheduled
{
    private int _accepted;
    private int _timedOut;
    private int _starved;

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reset, readings wait for it.</summary>
    public ManualResetEventSlim Answers { get; } = new(initialState: true);

    public int Accepted => Volatile.Read(ref _accepted);

    public int TimedOutTimes => Volatile.Read(ref _timedOut);

    public int StarvedTimes => Volatile.Read(ref _starved);

    public Thread? Reader { get; private set; }

    public Measurement[] Measure(DateTimeOffset at)
    {
        Reader = Thread.CurrentThread;
        Answers.Wait();
        return [Measurement.Of(1)];
    }

    public TimeSpan? Accept(DateTimeOffset at, Measurement[] measured)
    {
        Interlocked.Increment(ref _accepted);
        return null;
    }

    public void TimedOut() => Interlocked.Increment(ref _timedOut);

    public void Starved() => Interlocked.Increment(ref _starved);
}
