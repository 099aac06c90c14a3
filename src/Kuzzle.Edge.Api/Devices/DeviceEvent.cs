using System.Text.Json;

namespace Kuzzle.Edge.Api.Devices;

/// <summary>Something that a device has said. Immutable; its payload must not be changed by anybody.</summary>
public sealed record DeviceEvent
{
    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The application's uid.</summary>
    public required string ApplicationUid { get; init; }

    /// <summary>The device whose data it is: its registered name.</summary>
    public required string Device { get; init; }

    /// <summary>That device's uid.</summary>
    public required string DeviceUid { get; init; }

    /// <summary>The device that held the connection; equal to <see cref="Device"/> when it spoke for itself.</summary>
    public required string Sender { get; init; }

    /// <summary>That device's uid.</summary>
    public required string SenderUid { get; init; }

    /// <summary>The channel, never empty.</summary>
    public required string Channel { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The payload, byte for byte.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload as a JSON value when it is one (<c>data</c>); null when it is bytes (<c>data_base64</c>). Free of duplicate names.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The content type of the data: <c>application/json</c> whenever <see cref="Data"/> is there.</summary>
    public required string DataContentType { get; init; }

    /// <summary>The content type as the sender has named it, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>What else the sender has said: names and values in their order, names may repeat (<c>ext</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions { get; init; } = [];
}
