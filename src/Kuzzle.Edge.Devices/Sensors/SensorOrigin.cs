namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>Who has defined a sensor.</summary>
internal enum SensorOrigin
{
    /// <summary>The configuration file; only there it is changed.</summary>
    Configuration,

    /// <summary>Somebody through the API.</summary>
    Api,
}
