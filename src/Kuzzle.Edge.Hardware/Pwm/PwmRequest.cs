namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>A PWM output as it is wanted.</summary>
public sealed record PwmRequest
{
    /// <summary>The chip: <c>pwmchip0</c>, its number, or the device it belongs to (<c>3f20c000.pwm</c>).</summary>
    public required string Chip { get; init; }

    /// <summary>The number of the output on its chip.</summary>
    public int Channel { get; init; }

    /// <summary>The length of one period; more than zero.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Which part of the period the duty is.</summary>
    public PwmPolarity Polarity { get; init; }

    /// <summary>The duty from the start, 0 to 1.</summary>
    public double InitialDuty { get; init; }

    /// <summary>The duty it is left with when it is closed, 0 to 1; null switches the output off.</summary>
    public double? SafeDuty { get; init; }
}
