namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How a sensor is, in one word.</summary>
public enum SensorStatus
{
    /// <summary>It has not been read yet.</summary>
    Starting,

    /// <summary>All is well.</summary>
    Ok,

    /// <summary>It does not answer, or its readings cannot be published; it is tried again.</summary>
    Failing,

    /// <summary>The hardware does not come back from a question; it is asked again once it does.</summary>
    Hanging,
}
