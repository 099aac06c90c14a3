namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>What a chip cannot know about the board around it.</summary>
public sealed record ChipSettings
{
    /// <summary>The resistor across which INA219 and INA226 measure, in Ω. More than 0; breakout boards carry 0.1.</summary>
    public double ShuntOhms
    {
        get;
        init => field = value is > 0 and < 1e6 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "more than 0, in ohms");
    } = 0.1;

    /// <summary>To what the heater of a BME680 is brought, in °C. 200 to 400.</summary>
    public int HeaterCelsius
    {
        get;
        init => field = value is >= 200 and <= 400 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "200 to 400");
    } = 320;

    /// <summary>How long the heater of a BME680 is on before its gas resistance is measured. 1 ms to 4032 ms.</summary>
    public TimeSpan HeaterTime
    {
        get;
        init => field = value.TotalMilliseconds is >= 1 and <= 4032 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 4032 ms");
    } = TimeSpan.FromMilliseconds(150);
}
