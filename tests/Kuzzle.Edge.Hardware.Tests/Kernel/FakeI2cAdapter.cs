using System.Buffers.Binary;
using Kuzzle.Edge.Hardware.I2c;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>/dev/i2c-N with chips on it. Its SMBus transfers put on the wire what the SMBus specification says.</summary>
internal sealed class FakeI2cAdapter(I2cAbilities abilities) : IFakeNode
{
    private int _address;

    /// <summary>All that SMBus can do, and plain I2C.</summary>
    public const I2cAbilities Everything = I2cAbilities.I2c | SmbusOnly;

    /// <summary>What i2c-stub offers.</summary>
    public const I2cAbilities SmbusOnly = I2cAbilities.Quick | I2cAbilities.ReadByte | I2cAbilities.WriteByte | I2cAbilities.ReadByteData | I2cAbilities.WriteByteData
        | I2cAbilities.ReadWordData | I2cAbilities.WriteWordData | I2cAbilities.ReadBlock | I2cAbilities.WriteBlock;

    public Dictionary<int, IFakeI2cChip> Chips { get; } = [];

    /// <summary>Addresses that a driver of the kernel holds.</summary>
    public HashSet<int> Held { get; } = [];

    /// <summary>Each transfer: its kind, the address, what was written, how much was read.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The error of every transfer; 0 for none.</summary>
    public int Failure { get; set; }

    public int TimeoutTens { get; private set; }

    /// <summary>Called in each transfer.</summary>
    public Action InTransfer { get; set; } = () => { };

    public int Control(FakeKernel kernel, uint request, Span<byte> argument)
    {
        switch (request)
        {
            case 0x0705:
                argument.Length.ShouldBe(8); // unsigned long
                BinaryPrimitives.WriteUInt64LittleEndian(argument, (ulong)abilities);
                return 0;
            case 0x0702:
                TimeoutTens = (int)BinaryPrimitives.ReadInt64LittleEndian(argument);
                return 0;
            case 0x0703:
                _address = (int)BinaryPrimitives.ReadInt64LittleEndian(argument);
                return Held.Contains(_address) ? -Errno.Busy : 0;
            default:
                return -Errno.NotTerminal;
        }
    }

    public int Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        abilities.HasFlag(I2cAbilities.I2c).ShouldBeTrue();
        return OnWire("i2c", address, write, read);
    }

    public int Smbus(bool isRead, byte command, uint kind, Span<byte> data)
    {
        data.Length.ShouldBe(SmbusKind.UnionSize);
        switch (kind, isRead)
        {
            case (SmbusKind.Quick, _): return OnWire("quick", _address, [], []);
            case (SmbusKind.Byte, true): return OnWire("byte", _address, [], data[..1]);
            case (SmbusKind.Byte, false): return OnWire("byte", _address, [command], []);
            case (SmbusKind.ByteData, true): return OnWire("byte-data", _address, [command], data[..1]);
            case (SmbusKind.ByteData, false): return OnWire("byte-data", _address, [command, data[0]], []);
            case (SmbusKind.WordData, true): return OnWire("word-data", _address, [command], data[..2]);
            case (SmbusKind.WordData, false): return OnWire("word-data", _address, [command, data[0], data[1]], []);
            case (SmbusKind.Block, true): return OnWire("block", _address, [command], data.Slice(1, data[0]));
            case (SmbusKind.Block, false): return OnWire("block", _address, [command, .. data.Slice(1, data[0])], []);
            default: return -Errno.Invalid;
        }
    }

    private int OnWire(string kind, int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        Log.Add($"{kind} {address:x2} {Convert.ToHexStringLower(write)} {read.Length}");
        InTransfer();
        if (Failure != 0) return Failure;
        if (!Chips.TryGetValue(address, out var chip)) return -Errno.RemoteIo;
        if (write.Length > 0 && !chip.Write(write)) return -Errno.RemoteIo;

        return read.Length == 0 || chip.Read(read) ? 1 : -Errno.RemoteIo;
    }
}
