namespace Kuzzle.Edge.Devices.Events;

/// <summary>What is stored of events.</summary>
internal enum EventStorage
{
    /// <summary>Nothing: an event is a realtime message.</summary>
    None,

    /// <summary>The last one of each channel of each device.</summary>
    Last,

    /// <summary>All, within their retention.</summary>
    All,
}
