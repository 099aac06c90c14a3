namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>A command from the other side for a device of this box.</summary>
/// <param name="Application">The application.</param>
/// <param name="Device">The device.</param>
/// <param name="Command">Its name.</param>
/// <param name="Payload">The payload, byte for byte.</param>
/// <param name="Ttl">How long it may wait for the device.</param>
public sealed record BridgeCommand(string Application, string Device, string Command, ReadOnlyMemory<byte> Payload, TimeSpan Ttl)
{
    /// <summary>What the payload is said to be, or null.</summary>
    public string? ContentType { get; init; }
}
