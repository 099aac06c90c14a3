using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Kernel;

/// <summary>struct i2c_smbus_ioctl_data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SmbusArgument
{
    public byte IsRead;
    public byte Command;
    public uint Kind;
    public byte* Data;
}
