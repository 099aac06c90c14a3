namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>The PWM outputs of this box.</summary>
public interface IPwm
{
    /// <summary>The chips in the order of their numbers.</summary>
    IReadOnlyList<PwmChip> ListChips();

    /// <summary>Takes an output and starts it. It is ours until it is disposed of.</summary>
    Outcome<IPwmChannel> Open(PwmRequest request);
}
