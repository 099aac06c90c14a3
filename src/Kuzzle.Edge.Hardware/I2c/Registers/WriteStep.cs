namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Sends bytes: a command, or a register's number and what goes in.</summary>
public sealed record WriteStep : RegisterStep
{
    /// <summary>What is sent, checksums included. 1 to 32 bytes.</summary>
    public required IReadOnlyList<byte> Bytes { get; init; }

    /// <summary>True when it does not matter whether the chip acknowledges: to stop what may not be running.</summary>
    public bool MayFail { get; init; }
}
