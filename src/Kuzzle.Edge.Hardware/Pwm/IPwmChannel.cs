namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>A PWM output that runs. Safe to use from several threads. Disposing sets the safe state and gives the output back.</summary>
public interface IPwmChannel : IDisposable
{
    /// <summary>What it is: <c>output 0 of pwmchip0</c>.</summary>
    string Description { get; }

    /// <summary>The duty set last, 0 to 1.</summary>
    double Duty { get; }

    /// <summary>The period set last.</summary>
    TimeSpan Period { get; }

    /// <summary>Sets the duty, 0 to 1; the period stays.</summary>
    /// <returns>Null when it was done.</returns>
    HardwareFault? SetDuty(double duty);

    /// <summary>Sets the period; the duty stays in proportion.</summary>
    /// <returns>Null when it was done; else the output goes on as before.</returns>
    HardwareFault? SetPeriod(TimeSpan period);
}
