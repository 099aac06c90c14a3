namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>A descriptor that can be polled and read.</summary>
internal interface IFakeStream
{
    short Happened { get; }

    int Read(Span<byte> buffer);
}
