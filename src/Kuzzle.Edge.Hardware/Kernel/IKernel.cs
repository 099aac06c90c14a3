namespace Kuzzle.Edge.Hardware.Kernel;

/// <summary>
/// The few calls to the kernel that the devices need. Each answers as the kernel does: zero or more when it was done, a negative error number when not
/// (<see cref="Errno"/>). Calls that a signal interrupted are made again.
/// </summary>
internal interface IKernel
{
    /// <summary>Opens a device node for reading and writing, not passed on to children.</summary>
    int Open(string path);

    int Close(int descriptor);

    /// <summary>An ioctl whose argument is a structure without pointers.</summary>
    int Control(int descriptor, uint request, Span<byte> argument);

    /// <summary>An ioctl whose argument is a number.</summary>
    int ControlNumber(int descriptor, uint request, nint argument);

    /// <summary>I2C_RDWR: a write and, after a repeated start, a read; either may be empty.</summary>
    int TransferI2c(int descriptor, int address, ReadOnlySpan<byte> write, Span<byte> read);

    /// <summary>I2C_SMBUS with the slave address set before.</summary>
    /// <param name="data">The union of the kernel: 34 bytes.</param>
    int TransferSmbus(int descriptor, bool isRead, byte command, uint kind, Span<byte> data);

    int Read(int descriptor, Span<byte> buffer);

    int Write(int descriptor, ReadOnlySpan<byte> bytes);

    /// <param name="milliseconds">How long to wait; -1 for ever.</param>
    int Poll(Span<PollEntry> entries, int milliseconds);

    /// <summary>A descriptor (eventfd) that becomes readable when eight bytes are written to it.</summary>
    int CreateWakeup();

    /// <summary>Writes to a file of sysfs that exists, in one call, for each call is one command.</summary>
    int WriteFile(string path, string text);

    /// <summary>Waits while a chip works.</summary>
    void Pause(TimeSpan time);
}
