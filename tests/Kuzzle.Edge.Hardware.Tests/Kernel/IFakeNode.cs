namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>A device node.</summary>
internal interface IFakeNode
{
    object Opened() => this;

    void Closed()
    {
    }

    int Control(FakeKernel kernel, uint request, Span<byte> argument);
}
