namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>One sample of all channels of a capture.</summary>
/// <param name="Values">The values in the channels' units, in their order.</param>
/// <param name="TimestampNanoseconds">When the kernel took it, by the device's clock (<c>current_timestamp_clock</c>, usually since 1970); null when the device gives none.</param>
public sealed record IioScan(IReadOnlyList<double> Values, long? TimestampNanoseconds);
