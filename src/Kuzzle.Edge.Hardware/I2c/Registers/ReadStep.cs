namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Sends a command or a register's number, and reads.</summary>
public sealed record ReadStep : RegisterStep
{
    /// <summary>What is sent first; empty to read at once.</summary>
    public IReadOnlyList<byte> Command { get; init; } = [];

    /// <summary>How many bytes are wanted, checksums not counted. 1 to 255.</summary>
    public required int Length { get; init; }

    /// <summary>How long the chip converts between the command and the read. Zero reads after a repeated start; more than zero ends the transfer and begins another.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How the answer is protected; null when it is not.</summary>
    public RegisterCrc? Crc { get; init; }
}
