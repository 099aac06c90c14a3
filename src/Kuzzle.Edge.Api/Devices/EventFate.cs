namespace Kuzzle.Edge.Api.Devices;

/// <summary>What became of an event, in one word.</summary>
public enum EventFate
{
    /// <summary>It is an event now, and on the disk if it is to be stored.</summary>
    Accepted,

    /// <summary>A rule wants it to go nowhere.</summary>
    Dropped,

    /// <summary>A rule of the application, or its device's, refuses it; or the application or the device was disabled or deleted meanwhile.</summary>
    Rejected,

    /// <summary>Too many wait for the disk.</summary>
    Overloaded,

    /// <summary>It could not be stored.</summary>
    Failed,
}
