namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>A probe that also tells values by itself, when the hardware does.</summary>
internal interface IPushingProbe : IProbe
{
    /// <summary>Takes a value, its time and its number. To be set before the first measurement.</summary>
    Action<double, DateTimeOffset, long>? Push { get; set; }
}
