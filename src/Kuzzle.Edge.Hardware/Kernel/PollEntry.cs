using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Kernel;

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public const short Readable = 0x001;
    public const short Error = 0x008;
    public const short HungUp = 0x010;
    public const short Invalid = 0x020;

    public int Descriptor;
    public short Wanted;
    public short Happened;
}
