using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>A device node that gives bytes: a captured IIO device.</summary>
internal sealed class FakeSamples : IFakeStream
{
    public Queue<byte[]> Chunks { get; } = new();

    public short Happened => Chunks.Count > 0 ? PollEntry.Readable : (short)0;

    public int Read(Span<byte> buffer)
    {
        var chunk = Chunks.Dequeue();
        chunk.CopyTo(buffer);
        return chunk.Length;
    }
}
