namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>A buffered capture as it is wanted.</summary>
public sealed record IioCaptureRequest
{
    /// <summary>The device by its name (<c>mpu6050</c>) or folder (<c>iio:device0</c>).</summary>
    public required string Device { get; init; }

    /// <summary>The channels without <c>in_</c>: <c>accel_x</c>, <c>voltage0</c>. At least one.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>The trigger by its name (<c>mpu6050-dev0</c>); null leaves the one that is set, if the device needs one.</summary>
    public string? Trigger { get; init; }

    /// <summary>How often it samples, in Hz; null leaves it. Set where the device has a <c>sampling_frequency</c>, else at the trigger.</summary>
    public double? Frequency { get; init; }

    /// <summary>How many samples the kernel keeps; beyond it the newest are lost. 2 to 65 536.</summary>
    public int Length
    {
        get;
        init => field = value is >= 2 and <= 65_536 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "2 to 65536");
    } = 256;
}
