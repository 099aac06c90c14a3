namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What is kept of a sensor's readings.</summary>
public enum ReadingStorage
{
    /// <summary>Nothing: a reading is a realtime message and gone.</summary>
    None,

    /// <summary>The last reading, in a document named after the sensor.</summary>
    Last,

    /// <summary>Every reading, in a document of its own.</summary>
    All,
}
