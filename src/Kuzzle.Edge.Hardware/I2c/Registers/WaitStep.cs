namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Waits while the chip is busy. Others may use the bus meanwhile.</summary>
public sealed record WaitStep : RegisterStep
{
    /// <summary>How long; up to 10 s.</summary>
    public required TimeSpan Time { get; init; }
}
