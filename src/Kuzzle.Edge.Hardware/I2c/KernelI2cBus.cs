using System.Buffers.Binary;
using System.Globalization;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.I2c;

/// <summary>
/// One adapter through i2c-dev. An adapter without plain I2C transfers (i801 of PCs, i2c-stub) gets the SMBus transfer that puts the same bytes on the wire, where there is one.
/// </summary>
internal sealed class KernelI2cBus(IKernel kernel, int number, string node, string devicesFolder, I2cOptions options) : II2cBus, IDisposable
{
    public const int LowestAddress = 0x08;
    public const int HighestAddress = 0x77;

    private const uint SetTimeout = 0x0702;
    private const uint SetAddress = 0x0703;
    private const uint GetAbilities = 0x0705;

    /// <summary>i2c-dev takes no more in one message.</summary>
    private const int MaxTransfer = 8192;

    private readonly Lock _gate = new();
    private int _descriptor = -1;
    private I2cAbilities _abilities;
    private int _usedFor;
    private bool _isDisposed;

    public int Number => number;

    public HardwareFault? Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        if (write.IsEmpty && read.IsEmpty) return new HardwareFault(HardwareFaultKind.BadRequest, $"A transfer on i2c-{number} must write or read at least one byte.");
        if (Math.Max(write.Length, read.Length) > MaxTransfer) return new HardwareFault(HardwareFaultKind.BadRequest, $"A transfer on i2c-{number} can have {MaxTransfer} bytes.");
        if (Enter(address) is { } fault) return fault;

        try
        {
            return Prepare(address) ?? (_abilities.HasFlag(I2cAbilities.I2c)
                ? Explain(kernel.TransferI2c(_descriptor, address, write, read), address)
                : TransferAsSmbus(address, write, read));
        }
        finally
        {
            _gate.Exit();
        }
    }

    public HardwareFault? Probe(int address)
    {
        if (Enter(address) is { } fault) return fault;

        try
        {
            if (Prepare(address) is { } unusable) return unusable;

            // As i2cdetect does: a quick write can corrupt the EEPROMs and clock chips of these ranges, while reading a byte hangs some chips elsewhere.
            var prefersRead = address is (>= 0x30 and <= 0x37) or (>= 0x50 and <= 0x5F);
            var canRead = _abilities.HasFlag(I2cAbilities.ReadByte);
            var canQuick = _abilities.HasFlag(I2cAbilities.Quick);
            if (!canRead && !canQuick) return NotSupported("to probe an address");

            Span<byte> data = stackalloc byte[SmbusKind.UnionSize];
            var answer = canRead && (prefersRead || !canQuick)
                ? kernel.TransferSmbus(_descriptor, isRead: true, 0, SmbusKind.Byte, data)
                : kernel.TransferSmbus(_descriptor, isRead: false, 0, SmbusKind.Quick, data);
            return Explain(answer, address);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Close();
        }
    }

    private static string Hex(int address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x2}");

    /// <summary>Null when the bus is ours.</summary>
    private HardwareFault? Enter(int address)
    {
        if (address is < LowestAddress or > HighestAddress)
        {
            return new HardwareFault(HardwareFaultKind.BadRequest, $"{Hex(address)} is no address of a chip; those are 0x08 to 0x77.");
        }

        if (!_gate.TryEnter(options.WaitTimeout))
        {
            return new HardwareFault(
                HardwareFaultKind.TimedOut,
                $"i2c-{number} has been in use for {options.WaitTimeout.TotalSeconds:0.#} s, at this moment for {Hex(Volatile.Read(ref _usedFor))}.");
        }

        Volatile.Write(ref _usedFor, address);
        return null;
    }

    /// <summary>Opens the bus if need be, and asks the kernel whether the address is free: the combined transfer would not.</summary>
    private HardwareFault? Prepare(int address)
    {
        if (_isDisposed) return new HardwareFault(HardwareFaultKind.Closed, $"i2c-{number} has been closed.");
        if (_descriptor < 0 && Open() is { } fault) return fault;

        var answer = kernel.ControlNumber(_descriptor, SetAddress, address);
        if (answer == -Errno.Busy) return new HardwareFault(HardwareFaultKind.Busy, $"{Hex(address)} of i2c-{number} is held by {Holder(address)}.");

        return answer < 0 ? Errno.Fault(answer, $"{Hex(address)} of i2c-{number} cannot be chosen") : null;
    }

    private HardwareFault? Open()
    {
        var descriptor = kernel.Open(node);
        if (descriptor < 0) return Errno.Fault(descriptor, $"{node} cannot be opened");

        Span<byte> abilities = stackalloc byte[sizeof(ulong)]; // unsigned long
        var answer = kernel.Control(descriptor, GetAbilities, abilities);
        if (answer >= 0) answer = kernel.ControlNumber(descriptor, SetTimeout, (nint)(options.TransferTimeout.TotalMilliseconds / 10));
        if (answer < 0)
        {
            kernel.Close(descriptor);
            return Errno.Fault(answer, $"{node} is no I2C bus");
        }

        _descriptor = descriptor;
        _abilities = (I2cAbilities)BinaryPrimitives.ReadUInt64LittleEndian(abilities);
        return null;
    }

    private void Close()
    {
        if (_descriptor < 0) return;

        kernel.Close(_descriptor);
        _descriptor = -1;
    }

    private string Holder(int address)
    {
        var device = Path.Combine(devicesFolder, string.Create(CultureInfo.InvariantCulture, $"{number}-{address:x4}"));
        var name = SysfsFile.TryReadText(Path.Combine(device, "name"));
        return SysfsFile.LinkName(Path.Combine(device, "driver")) is { } driver
            ? $"the kernel's driver {driver}{(name is null ? "" : $" as '{name}'")}"
            : "a driver of the kernel";
    }

    private HardwareFault? TransferAsSmbus(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        Span<byte> data = stackalloc byte[SmbusKind.UnionSize];
        var needed = Needed(write.Length, read.Length);
        if (needed == I2cAbilities.None || !_abilities.HasFlag(needed)) return NotSupported($"to write {write.Length} and read {read.Length} bytes at once");

        if (read.IsEmpty) return WriteAsSmbus(address, write, needed, data);

        var command = write.IsEmpty ? (byte)0 : write[0];
        if (needed == I2cAbilities.ReadBlock) data[0] = (byte)read.Length;
        var answer = kernel.TransferSmbus(_descriptor, isRead: true, command, KindOf(needed), data);
        if (Explain(answer, address) is { } fault) return fault;

        if (needed == I2cAbilities.ReadBlock && data[0] != read.Length)
        {
            return new HardwareFault(HardwareFaultKind.Failed, $"{Hex(address)} of i2c-{number} gave {data[0]} bytes of {read.Length}.");
        }

        // A word comes with its low byte first, which is the first on the wire.
        data.Slice(needed == I2cAbilities.ReadBlock ? 1 : 0, read.Length).CopyTo(read);
        return null;
    }

    private HardwareFault? WriteAsSmbus(int address, ReadOnlySpan<byte> write, I2cAbilities needed, Span<byte> data)
    {
        if (needed == I2cAbilities.WriteBlock)
        {
            data[0] = (byte)(write.Length - 1);
            write[1..].CopyTo(data[1..]);
        }
        else
        {
            write[1..].CopyTo(data);
        }

        return Explain(kernel.TransferSmbus(_descriptor, isRead: false, write[0], KindOf(needed), data), address);
    }

    /// <summary>The SMBus transfer that puts these bytes on the wire; none when there is no such transfer.</summary>
    private static I2cAbilities Needed(int written, int read) => (written, read) switch
    {
        (1, 0) => I2cAbilities.WriteByte,
        (2, 0) => I2cAbilities.WriteByteData,
        (3, 0) => I2cAbilities.WriteWordData,
        ( > 3 and <= SmbusKind.MaxBlock + 1, 0) => I2cAbilities.WriteBlock,
        (0, 1) => I2cAbilities.ReadByte,
        (1, 1) => I2cAbilities.ReadByteData,
        (1, 2) => I2cAbilities.ReadWordData,
        (1, > 2 and <= SmbusKind.MaxBlock) => I2cAbilities.ReadBlock,
        _ => I2cAbilities.None,
    };

    private static uint KindOf(I2cAbilities ability) => ability switch
    {
        I2cAbilities.ReadByte or I2cAbilities.WriteByte => SmbusKind.Byte,
        I2cAbilities.ReadByteData or I2cAbilities.WriteByteData => SmbusKind.ByteData,
        I2cAbilities.ReadWordData or I2cAbilities.WriteWordData => SmbusKind.WordData,
        _ => SmbusKind.Block,
    };

    private HardwareFault NotSupported(string what) => new(HardwareFaultKind.NotSupported, $"The adapter of i2c-{number} knows no SMBus transfer {what}, and no plain I2C.");

    private HardwareFault? Explain(int answer, int address)
    {
        if (answer >= 0) return null;

        var at = $"{Hex(address)} of i2c-{number}";
        switch (-answer)
        {
            case Errno.NoDeviceOrAddress or Errno.RemoteIo or Errno.NoDevice: // The last from adapters that know all their chips, as i2c-stub does.
                return new HardwareFault(HardwareFaultKind.NoAnswer, $"Nobody answers at {at}: {Errno.Describe(answer)}.");
            case Errno.TimedOut:
                return new HardwareFault(HardwareFaultKind.TimedOut, $"{at} holds the bus for too long: {Errno.Describe(answer)}. A line that is stuck low looks the same.");
            case Errno.BadDescriptor:
                Close(); // To be opened anew next time.
                break;
        }

        return Errno.Fault(answer, $"The transfer with {at} failed");
    }
}
