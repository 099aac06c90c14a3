namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>Looks what there is.</summary>
public interface IBoardScanner
{
    /// <summary>
    /// Looks at everything. Probing an I2C bus takes about a second, more when a line hangs. Addresses that a driver of the kernel holds are not touched. What cannot be
    /// looked at is told as a fault in its place; the rest is there.
    /// </summary>
    BoardScan Scan(ScanRequest request);
}
