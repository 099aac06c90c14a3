using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>What a device says with the topic of a message.</summary>
/// <param name="Channel">The channel, never empty.</param>
/// <param name="Device">The device whose data it is, as the topic names it and perhaps by an empty name; null for the sender itself.</param>
internal sealed record DrogueTopic(string Channel, string? Device)
{
    /// <summary>Reads a topic by the grammar of a dialect.</summary>
    public static bool TryRead(DeviceDialect dialect, string topic, [NotNullWhen(true)] out DrogueTopic? read)
    {
        read = dialect.Type == DeviceDialect.DrogueV1.Type ? ReadV1(topic)
            : dialect.HasDevicePrefix ? ReadPrefixed(topic)
            : new DrogueTopic(topic, Device: null);

        // Upstream makes events without a subject of those; here nobody could subscribe to them.
        if (read?.Channel.Length == 0) read = null;
        return read is not null;
    }

    /// <summary><c>channel [ "/" device ]</c>, and no third level.</summary>
    private static DrogueTopic? ReadV1(string topic)
    {
        var slash = topic.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return new DrogueTopic(topic, Device: null);

        return topic.IndexOf('/', slash + 1) < 0 ? new DrogueTopic(topic[..slash], topic[(slash + 1)..]) : null;
    }

    /// <summary><c>[device] "/" channel</c>: all behind the first slash is the channel.</summary>
    private static DrogueTopic? ReadPrefixed(string topic)
    {
        var slash = topic.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? null : new DrogueTopic(topic[(slash + 1)..], slash == 0 ? null : topic[..slash]);
    }
}
