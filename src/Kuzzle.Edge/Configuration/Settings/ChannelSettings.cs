using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Devices.Sensors;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>One of several values of a chip.</summary>
internal static class ChannelSettings
{
    public static readonly Setting<string> Channel = new("channel", Types.Text, null, "The input of the chip, as in `sensors[].channel`.") { IsRequired = true };

    public static readonly Setting<double> DeadBand = new("deadBand", new NumberType(0), 0, "As in `sensors[].deadBand`, for this value.");

    public static readonly Setting<double> ValidMin = new("validMin", Types.Number, 0, "As in `sensors[].validMin`, for this value.") { HasNoDefault = true };

    public static readonly Setting<double> ValidMax = new("validMax", Types.Number, 0, "As in `sensors[].validMax`, for this value.") { HasNoDefault = true };

    public static readonly Setting<IReadOnlyList<SettingValues>> Alarms = new("alarms", new GroupListType(AlarmSettings.Schema), [], "As in `sensors[].alarms`, for this value.");

    public static SettingSchema Schema { get; } = new([Channel, DeadBand, ValidMin, ValidMax, Alarms], []);

    /// <summary>The channel that was written.</summary>
    public static ChannelOptions Map(SettingValues values) => new()
    {
        Channel = values.Find(Channel) ?? "",
        DeadBand = values.Get(DeadBand),
        ValidMin = values.IsWritten(ValidMin) ? values.Get(ValidMin) : null,
        ValidMax = values.IsWritten(ValidMax) ? values.Get(ValidMax) : null,
        Alarms = [.. values.Get(Alarms).Select(AlarmSettings.Map)],
    };
}
