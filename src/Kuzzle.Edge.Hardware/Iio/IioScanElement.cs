namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>A channel's place in the samples of a capture.</summary>
/// <param name="Position">Its first byte in a sample.</param>
/// <param name="Format">How it lies there.</param>
/// <param name="Offset">What is added to the number.</param>
/// <param name="Scale">What the sum is multiplied with to get our unit.</param>
internal sealed record IioScanElement(int Position, IioScanFormat Format, double Offset, double Scale)
{
    public double Value(ReadOnlySpan<byte> sample) => (Format.Decode(sample[Position..]) + Offset) * Scale;
}
