using System.Text.Json;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Devices;
using Kuzzle.Edge.Devices.Provisioning;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The devices of this gateway, and those that are declared.</summary>
internal static class RegistrySettings
{
    private static readonly DeviceOptions Default = new();

    public static readonly Setting<IReadOnlyDictionary<string, JsonElement>> Applications = new(
        "applications",
        new DocumentMapType(DeclaredRegistry.FindApplicationFault),
        DeclaredRegistry.Empty.Applications,
        "Applications of devices that there shall be, by name: documents as `edge/applications:create` takes them. What they say wins over what is stored. May be changed with SIGHUP.")
    { IsSecret = true };

    public static readonly Setting<IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>>> Devices = new(
        "devices",
        new DocumentGroupsType(DeclaredRegistry.FindDeviceFault),
        DeclaredRegistry.Empty.Devices,
        "Devices that there shall be, by application and name: documents as `edge/devices:create` takes them. What they say wins over what is stored. May be changed with SIGHUP.")
    { IsSecret = true };

    public static readonly Setting<WithdrawnDevices> Withdrawn = new(
        "registry.withdrawn",
        new ChoiceType<WithdrawnDevices>(("disable", WithdrawnDevices.Disable), ("keep", WithdrawnDevices.Keep)),
        Default.Withdrawn,
        "What becomes of a device that was declared in `devices` and is declared no longer: `disable` ends its session and lets it in no more until it is declared again; `keep` leaves it as it is. The log names it.");

    public static readonly Setting<int> PasswordIterations = new(
        "registry.passwordIterations",
        Types.Integer(1, 10_000_000),
        Default.PasswordIterations,
        "How often PBKDF2 is applied to new passwords of devices. With long random passwords 10000 is enough, and a fleet is back sooner after a restart.");

    public static readonly Setting<int> MaxDevices = new(
        "registry.maxDevices", Types.Integer(1, 1_000_000), Default.MaxDevices, "How many devices there may be; all are kept in memory, a few kilobytes each.");

    public static readonly Setting<int> MaxQueuedCommands = new(
        "registry.maxQueuedCommands", Types.Integer(1, 1_000_000), Default.MaxQueuedCommands, "How many commands may wait for their devices; more fail.");

    public static readonly Setting<int> MaxWaitingEvents = new(
        "registry.maxWaitingEvents", Types.Integer(1, 1_000_000), Default.MaxWaitingEvents, "How many events may wait for the disk; more are refused.");

    public static readonly Setting<TimeSpan> RetentionInterval = new(
        "registry.retentionInterval",
        Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        Default.RetentionInterval,
        "How often stored events are looked through for those that are too old or too many.");

    public static IReadOnlyList<Setting> All { get; } = [Applications, Devices, Withdrawn, PasswordIterations, MaxDevices, MaxQueuedCommands, MaxWaitingEvents, RetentionInterval];

    /// <summary>What the part is told.</summary>
    public static DeviceOptions Options(SettingValues values) => new()
    {
        Withdrawn = values.Get(Withdrawn),
        PasswordIterations = values.Get(PasswordIterations),
        MaxDevices = values.Get(MaxDevices),
        MaxQueuedCommands = values.Get(MaxQueuedCommands),
        MaxWaitingEvents = values.Get(MaxWaitingEvents),
        RetentionInterval = values.Get(RetentionInterval),
        Instance = Environment.MachineName,
    };
}
