namespace Kuzzle.Edge.Devices.Events;

/// <summary>The types of events.</summary>
internal static class EventTypes
{
    public const string Data = "io.drogue.event.v1";
    public const string Connection = "io.drogue.connection.v1";
    public const string Registry = "io.drogue.registry.v1";
}
