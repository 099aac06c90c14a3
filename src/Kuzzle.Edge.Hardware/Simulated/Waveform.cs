namespace Kuzzle.Edge.Hardware.Simulated;

/// <summary>The shape of made-up values.</summary>
public enum Waveform
{
    /// <summary>A sine.</summary>
    Sine,

    /// <summary>High for half a period, then low.</summary>
    Square,

    /// <summary>Rises evenly for a period, then falls at once.</summary>
    Sawtooth,

    /// <summary>Wanders without a period, and never further than the amplitude; slow changes take about a period.</summary>
    RandomWalk,
}
