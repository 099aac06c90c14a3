using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Kernel;

/// <summary>struct i2c_msg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct I2cMessage
{
    public const ushort Reading = 0x0001;

    public ushort Address;
    public ushort Flags;
    public ushort Length;
    public byte* Buffer;
}
