namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>The I2C and SMBus adapters of this box.</summary>
public interface II2c
{
    /// <summary>The adapters in the order of their numbers.</summary>
    IReadOnlyList<I2cAdapter> ListAdapters();

    /// <summary>The bus with this number. All callers share one, and its lock; it is closed with the board, not by them.</summary>
    Outcome<II2cBus> Open(int number);
}
