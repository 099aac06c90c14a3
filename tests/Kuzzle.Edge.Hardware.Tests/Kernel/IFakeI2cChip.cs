namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>A chip on an I2C bus. False is no acknowledgement.</summary>
internal interface IFakeI2cChip
{
    bool Write(ReadOnlySpan<byte> bytes);

    bool Read(Span<byte> bytes);
}
