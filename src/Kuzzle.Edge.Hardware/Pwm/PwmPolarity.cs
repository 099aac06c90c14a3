namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>Which part of the period the duty is.</summary>
public enum PwmPolarity
{
    /// <summary>High for the duty, then low.</summary>
    Normal,

    /// <summary>Low for the duty, then high.</summary>
    Inversed,
}
