namespace Kuzzle.Edge.Api.Appliances;

/// <summary>The names of the controllers that only an edge gateway has; Kuzzle has none of that form, so no client of a Kuzzle meets them by chance.</summary>
public static class EdgeControllers
{
    /// <summary>The box itself: information, metrics, configuration, log.</summary>
    public const string System = "edge/system";

    /// <summary>The sensors and actuators wired to the box.</summary>
    public const string Sensors = "edge/sensors";

    /// <summary>The applications of the device registry.</summary>
    public const string Applications = "edge/applications";

    /// <summary>The devices of the registry.</summary>
    public const string Devices = "edge/devices";

    /// <summary>What devices are told to do.</summary>
    public const string Commands = "edge/commands";

    /// <summary>What devices have said, as far as it is stored.</summary>
    public const string Events = "edge/events";

    /// <summary>The link to the upstream: how it stands, and what the operator may ask of it.</summary>
    public const string Sync = "edge/sync";
}
