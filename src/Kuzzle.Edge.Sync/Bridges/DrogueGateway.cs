using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>
/// The other side is a Drogue device endpoint, where this box is a device that speaks for others: what the devices of an application say goes there on their behalf, and the
/// commands that come from there are theirs. Immutable.
/// </summary>
public sealed record DrogueGateway
{
    /// <summary>Where commands come: those for this box's own device, and those for all that it speaks for.</summary>
    public const string CommandFilter = "command/inbox/#";

    private const string CommandPrefix = "command/inbox/";

    /// <summary>The application here whose devices go there.</summary>
    public required string Application { get; init; }

    /// <summary>The device here that gets commands for the box itself; null where there is none.</summary>
    public string? Self { get; init; }

    /// <summary>Whether topics there are <c>device/channel</c>, in which a channel may have levels, and not <c>channel/device</c>.</summary>
    public bool HasDevicePrefix { get; init; }

    /// <summary>How long a command waits here for its device. 0, the default, is what the other side knows: who is not here does not get it.</summary>
    public TimeSpan CommandTtl { get; init; }

    /// <summary>What the bridge subscribes to here. Below <c>$SYS</c> nobody but the program publishes.</summary>
    public string LocalFilter => $"{PrefixOf(Application)}#";

    /// <summary>The topic here of something that a device says.</summary>
    public static string TopicOf(string application, string device, string channel) => $"{PrefixOf(application)}{Uri.EscapeDataString(device)}/{channel}";

    /// <summary>What a topic of here is called there, when it can be said there.</summary>
    /// <param name="localTopic">The topic here.</param>
    /// <param name="remoteTopic">The topic there.</param>
    /// <param name="fault">Why there is none.</param>
    public bool TryNameThere(string localTopic, [NotNullWhen(true)] out string? remoteTopic, [NotNullWhen(false)] out string? fault)
    {
        (remoteTopic, fault) = (null, null);
        var rest = localTopic[PrefixOf(Application).Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var device = Uri.UnescapeDataString(rest[..slash]);
        var channel = rest[(slash + 1)..];
        if (device.Contains('/', StringComparison.Ordinal)) fault = $"the name of the device \"{device}\" has a slash, and the other side would take it for two levels";
        else if (!HasDevicePrefix && channel.Contains('/', StringComparison.Ordinal)) fault = $"the channel \"{channel}\" has a slash, which the other side's dialect does not know; \"device-prefix\" does";
        else remoteTopic = HasDevicePrefix ? $"{device}/{channel}" : $"{channel}/{device}";
        return remoteTopic is not null;
    }

    /// <summary>Whether something here is for the other side.</summary>
    public bool TakesOut(string localTopic) => localTopic.StartsWith(PrefixOf(Application), StringComparison.Ordinal);

    /// <summary>Reads a topic on which a command came.</summary>
    /// <param name="topic">The topic there.</param>
    /// <param name="device">For whom; empty for the box itself.</param>
    /// <param name="command">Which.</param>
    public static bool TryReadCommand(string topic, [NotNullWhen(true)] out string? device, [NotNullWhen(true)] out string? command)
    {
        (device, command) = (null, null);
        if (!topic.StartsWith(CommandPrefix, StringComparison.Ordinal)) return false;

        var rest = topic[CommandPrefix.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || slash == rest.Length - 1) return false;

        (device, command) = (rest[..slash], rest[(slash + 1)..]);
        return true;
    }

    private static string PrefixOf(string application) => $"$SYS/drogue/{Uri.EscapeDataString(application)}/";
}
