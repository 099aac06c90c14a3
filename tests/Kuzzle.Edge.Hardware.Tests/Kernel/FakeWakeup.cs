using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>An eventfd.</summary>
internal sealed class FakeWakeup : IFakeStream
{
    public int Count { get; set; }

    public short Happened => Count > 0 ? PollEntry.Readable : (short)0;

    public int Read(Span<byte> buffer)
    {
        Count = 0;
        return 8;
    }
}
