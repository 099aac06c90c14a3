using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Devices.Sensors;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>A bound whose crossing is told.</summary>
internal static class AlarmSettings
{
    public static readonly Setting<string> Name = new("name", Types.DeviceName, null, "Its name, of its own among those of the channel.") { IsRequired = true };

    public static readonly Setting<double> Above = new("above", Types.Number, 0, "Raised when a sample is greater.") { HasNoDefault = true };

    public static readonly Setting<double> Below = new("below", Types.Number, 0, "Raised when a sample is less.") { HasNoDefault = true };

    public static readonly Setting<double> Hysteresis = new("hysteresis", new NumberType(0), 0, "How far back within the bound a sample must be before the alarm ends.");

    public static SettingSchema Schema { get; } = new([Name, Above, Below, Hysteresis], []);

    /// <summary>The alarm that was written.</summary>
    public static AlarmOptions Map(SettingValues values) => new()
    {
        Name = values.Find(Name) ?? "",
        Above = values.IsWritten(Above) ? values.Get(Above) : null,
        Below = values.IsWritten(Below) ? values.Get(Below) : null,
        Hysteresis = values.Get(Hysteresis),
    };
}
