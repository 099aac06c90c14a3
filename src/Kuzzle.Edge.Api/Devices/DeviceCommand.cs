namespace Kuzzle.Edge.Api.Devices;

/// <summary>A command on its way to a device. Immutable; its payload must not be changed by anybody.</summary>
/// <param name="Id">The id of its document.</param>
/// <param name="Device">The device that is to do it: its registered name.</param>
/// <param name="Name">The command, which may contain slashes; never empty, and without wildcards and U+0000.</param>
/// <param name="Payload">Whatever belongs to it, byte for byte; may be empty.</param>
public sealed record DeviceCommand(string Id, string Device, string Name, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The other names of the device: who asks for its commands by one of them gets them, too, under that name.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What the payload is, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether the device is to acknowledge it (QoS 1), or it is enough to have sent it (QoS 0).</summary>
    public bool WantsAcknowledgement { get; init; }

    /// <summary>Until when it is wanted; null for as long as the session lasts.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
