using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>A topic filter by which a device asks for commands. The same in all dialects.</summary>
/// <param name="Text">As it was sent.</param>
/// <param name="Kind">Whose commands it asks for.</param>
/// <param name="Device">The device it names; null when it names none.</param>
internal sealed record InboxFilter(string Text, InboxKind Kind, string? Device)
{
    private const string Inbox = "command/inbox/";
    private const string AllBehind = "/#";

    /// <summary>Reads a filter.</summary>
    /// <returns>False when it is none of the four that are granted.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out InboxFilter? filter)
    {
        filter = text switch
        {
            Inbox + "#" or Inbox + "+" + AllBehind => new InboxFilter(text, InboxKind.All, Device: null),
            Inbox + AllBehind => new InboxFilter(text, InboxKind.Own, Device: null),
            _ when text.StartsWith(Inbox, StringComparison.Ordinal) && text.EndsWith(AllBehind, StringComparison.Ordinal) => OfDevice(text),
            _ => null,
        };
        return filter is not null;
    }

    /// <summary>The topic on which a command arrives that this filter asks for, or null.</summary>
    /// <param name="own">The device that has subscribed.</param>
    /// <param name="command">The command.</param>
    public string? TopicOf(string own, DeviceCommand command)
    {
        if (!AsksFor(own, command)) return null;

        // The empty level means the connected device; who asked for a name gets that name, which may be an alias.
        return Kind == InboxKind.Named ? $"{Inbox}{Device}/{command.Name}"
            : command.Device == own ? $"{Inbox}/{command.Name}"
            : $"{Inbox}{command.Device}/{command.Name}";
    }

    /// <summary>Whether it asks for a command, by the name of its device or an alias.</summary>
    public bool AsksFor(string own, DeviceCommand command) => AsksFor(own, command.Device) || (Kind == InboxKind.Named && command.Aliases.Contains(Device, StringComparer.Ordinal));

    /// <summary>Whether it asks for commands of a device by this name.</summary>
    public bool AsksFor(string own, string target) => Kind switch
    {
        InboxKind.Own => target == own,
        InboxKind.Named => target == Device,
        _ => true,
    };

    private static InboxFilter? OfDevice(string text)
    {
        // Longer than what stands around it, or Own would have matched.
        var device = text[Inbox.Length..^AllBehind.Length];
        return device.Length == 0 || device.AsSpan().ContainsAny("/+#") ? null : new InboxFilter(text, InboxKind.Named, device);
    }
}
