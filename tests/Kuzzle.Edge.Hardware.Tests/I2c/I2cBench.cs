using Kuzzle.Edge.Hardware.I2c;
using Kuzzle.Edge.Hardware.Tests.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.I2c;

/// <summary>A board with one I2C bus, number 1.</summary>
internal sealed class I2cBench : IDisposable
{
    public I2cBench(I2cAbilities abilities = FakeI2cAdapter.Everything, I2cOptions? options = null)
    {
        Adapter = new FakeI2cAdapter(abilities);
        Tree["dev/i2c-1"] = "";
        Tree["sys/bus/i2c/devices/i2c-1/name"] = "bcm2835 (i2c@7e804000)";
        Kernel.Nodes[Path.Combine(Tree.Root, "dev/i2c-1")] = Adapter;
        Paths = new BoardPaths
        {
            Sysfs = Path.Combine(Tree.Root, "sys"),
            Devices = Path.Combine(Tree.Root, "dev"),
            Modules = Path.Combine(Tree.Root, "modules"),
            KernelRelease = Path.Combine(Tree.Root, "osrelease"),
        };
        Board = new Board(Paths, options ?? new I2cOptions(), Kernel);
    }

    public SysfsTree Tree { get; } = new();

    public BoardPaths Paths { get; }

    public FakeKernel Kernel { get; } = new();

    public FakeI2cAdapter Adapter { get; }

    public Board Board { get; }

    public II2cBus Bus => Board.I2c.Open(1).Value!;

    /// <summary>A driver of the kernel holds an address.</summary>
    public void Hold(int address, string name, string driver)
    {
        Adapter.Held.Add(address);
        Tree[$"sys/bus/i2c/devices/1-{address:x4}/name"] = name;
        Tree.Link($"sys/bus/i2c/devices/1-{address:x4}/driver", $"../../../../bus/i2c/drivers/{driver}");
    }

    public void Dispose()
    {
        Board.Dispose();
        Tree.Dispose();
    }
}
