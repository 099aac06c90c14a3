namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>The empirical formula of the TSL2561's datasheet (packages T, FN and CL), for counts at gain 16 and 402 ms.</summary>
internal static class LuxFormula
{
    /// <param name="broadband">Counts of channel 0: visible and infrared light.</param>
    /// <param name="infrared">Counts of channel 1: infrared light.</param>
    public static double Lux(double broadband, double infrared)
    {
        if (broadband <= 0) return 0;

        var ratio = infrared / broadband;
        return ratio switch
        {
            <= 0.50 => (0.0304 * broadband) - (0.062 * broadband * Math.Pow(ratio, 1.4)),
            <= 0.61 => (0.0224 * broadband) - (0.031 * infrared),
            <= 0.80 => (0.0128 * broadband) - (0.0153 * infrared),
            <= 1.30 => (0.00146 * broadband) - (0.00112 * infrared),
            _ => 0,
        };
    }
}
