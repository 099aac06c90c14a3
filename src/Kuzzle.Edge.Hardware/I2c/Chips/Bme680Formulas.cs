namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>The compensation formulas of the BME680's datasheet (section 3.3.1, 3.3.5 and 3.4), in floating point.</summary>
/// <param name="c">The chip's calibration.</param>
internal sealed class Bme680Formulas(Bme680Calibration c)
{
    // Corrections in percent for each of the 16 ranges of the gas converter.
    private static readonly double[] GasGain = [0, 0, 0, 0, 0, -1, 0, -0.8, 0, 0, -0.2, -0.5, 0, -1, 0, 0];
    private static readonly double[] GasOffset = [0, 0, 0, 0, 0.1, 0.7, 0, -0.8, -0.1, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The temperature in the unit that the other formulas use: 1/5120 °C.</summary>
    public double FineTemperature(uint raw)
    {
        var linear = ((raw / 16384.0) - (c.T1 / 1024.0)) * c.T2;
        var difference = (raw / 131072.0) - (c.T1 / 8192.0);
        return linear + (difference * difference * c.T3 * 16);
    }

    /// <summary>The temperature in °C.</summary>
    public static double Celsius(double fine) => fine / 5120;

    /// <summary>The pressure in Pa; not a number when the calibration makes it divide by zero.</summary>
    public double Pascal(uint raw, double fine)
    {
        var t = (fine / 2) - 64000;
        var offset = (((t * t * (c.P6 / 131072.0)) + (t * c.P5 * 2)) / 4) + (c.P4 * 65536.0);
        var sensitivity = (1 + (((c.P3 * t * t / 16384) + (c.P2 * t)) / 524288 / 32768)) * c.P1;
        if (sensitivity == 0) return double.NaN;

        var pressure = (1048576.0 - raw - (offset / 4096)) * 6250 / sensitivity;
        var square = c.P9 * pressure * pressure / 2147483648;
        var linear = pressure * (c.P8 / 32768.0);
        var cube = pressure / 256 * (pressure / 256) * (pressure / 256) * (c.P10 / 131072.0);
        return pressure + ((square + linear + cube + (c.P7 * 128.0)) / 16);
    }

    /// <summary>The relative humidity in %, 0 to 100.</summary>
    public double Humidity(uint raw, double celsius)
    {
        var difference = raw - ((c.H1 * 16.0) + (c.H3 / 2.0 * celsius));
        var scaled = difference * (c.H2 / 262144.0 * (1 + (c.H4 / 16384.0 * celsius) + (c.H5 / 1048576.0 * celsius * celsius)));
        var humidity = scaled + (((c.H6 / 16384.0) + (c.H7 / 2097152.0 * celsius)) * scaled * scaled);
        return Math.Clamp(humidity, 0, 100);
    }

    /// <summary>The resistance of the hot gas layer in Ω.</summary>
    public double GasOhms(uint raw, int range)
    {
        var reference = (1340 + (5.0 * c.RangeSwitchingError)) * (1 + (GasGain[range] / 100));
        var offset = 1 + (GasOffset[range] / 100);
        return 1 / (offset * 0.000000125 * (1 << range) * (((raw - 512.0) / reference) + 1));
    }

    /// <summary>The same for the variant with the wider converter (BME688).</summary>
    public static double GasOhmsOfHighVariant(uint raw, int range) => 1_000_000.0 * (262144 >> range) / (4096 + ((raw - 512.0) * 3));

    /// <summary>What register res_heat_0 takes to bring the heater to a temperature.</summary>
    public byte HeaterRegister(double target, double ambient)
    {
        var slope = (c.G1 / 16.0) + 49;
        var bend = (c.G2 / 32768.0 * 0.0005) + 0.00235;
        var hot = (slope * (1 + (bend * target))) + (c.G3 / 1024.0 * ambient);
        var register = 3.4 * ((hot * (4 / (4.0 + c.HeaterRange)) * (1 / (1 + (c.HeaterValue * 0.002)))) - 25);
        return (byte)Math.Clamp(register, 0, 255);
    }

    /// <summary>What register gas_wait_0 takes: six bits of milliseconds, times 1, 4, 16 or 64.</summary>
    public static byte HeaterTimeRegister(TimeSpan time)
    {
        var milliseconds = (int)Math.Clamp(time.TotalMilliseconds, 1, 63 * 64);
        var factor = 0;
        while (milliseconds > 63)
        {
            milliseconds /= 4;
            factor++;
        }

        return (byte)((factor << 6) | milliseconds);
    }
}
