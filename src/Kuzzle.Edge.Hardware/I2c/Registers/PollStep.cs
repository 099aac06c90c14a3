namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Reads a status until it says "ready".</summary>
public sealed record PollStep : RegisterStep
{
    /// <summary>The read whose bytes are looked at; not one of those that fields lie in.</summary>
    public required ReadStep Status { get; init; }

    /// <summary>The bits that count, of the status as one number, most significant byte first.</summary>
    public required uint Mask { get; init; }

    /// <summary>What those bits are when it is ready; null for "not all zero".</summary>
    public uint? Ready { get; init; }

    /// <summary>The pause between two looks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>After how long it is given up; up to 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);
}
