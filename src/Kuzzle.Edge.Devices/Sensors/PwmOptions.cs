namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What is asked of a PWM output.</summary>
public sealed record PwmOptions
{
    /// <summary>Periods in a second.</summary>
    public double Frequency { get; init; } = 1000;

    /// <summary>Whether low is the active part.</summary>
    public bool IsInversed { get; init; }

    /// <summary>The duty in percent from the start and when the service stops. 0 to 100.</summary>
    public double Safe { get; init; }
}
