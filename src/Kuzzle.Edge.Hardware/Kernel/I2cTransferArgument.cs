using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Kernel;

/// <summary>struct i2c_rdwr_ioctl_data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct I2cTransferArgument
{
    public I2cMessage* Messages;
    public uint Count;
}
