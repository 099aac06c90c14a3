namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>Bounds of the I2C buses.</summary>
public sealed record I2cOptions
{
    /// <summary>How long a chip may hold the clock, or a transfer take, before the adapter gives up; set in the kernel, in steps of 10 ms. 10 ms to 60 s.</summary>
    public TimeSpan TransferTimeout
    {
        get;
        init => field = value.TotalMilliseconds is >= 10 and <= 60_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "10 ms to 60 s");
    } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a caller waits while others use the bus. Up to 60 s.</summary>
    public TimeSpan WaitTimeout
    {
        get;
        init => field = value.TotalMilliseconds is >= 0 and <= 60_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 60 s");
    } = TimeSpan.FromSeconds(2);
}
