using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>What the owner wants of a box before it has ever run. What is null was not said. Holds secrets: not to be shown.</summary>
internal sealed record BoxWishes
{
    /// <summary>The name under which it is found: <c>NAME.local</c>.</summary>
    public string? HostName { get; init; }

    /// <summary>As in /usr/share/zoneinfo: <c>Europe/Paris</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The wireless network to join.</summary>
    public WirelessNetwork? Wireless { get; init; }

    /// <summary>The addresses of the wired network; null where they are given out (DHCP).</summary>
    public FixedAddress? Wired { get; init; }

    /// <summary>The public keys that may log in by SSH, one a line of authorized_keys.</summary>
    public IReadOnlyList<string>? SshKeys { get; init; }

    /// <summary>Whether a password is enough to log in by SSH.</summary>
    public bool? SshPasswords { get; init; }

    /// <summary>Somebody who may log in to the system.</summary>
    public SystemUser? User { get; init; }

    /// <summary>The gateway's first administrator.</summary>
    public FirstAdmin? Admin { get; init; }

    /// <summary>Settings of the gateway, as in kuzzlerc; null for none.</summary>
    public SettingObject? Gateway { get; init; }

    /// <summary>What a file says that this box cannot do, for its owner to read.</summary>
    public IReadOnlyList<string> NotDone { get; init; } = [];

    /// <summary>These, and where they say nothing, others.</summary>
    public BoxWishes Or(BoxWishes others) => new()
    {
        HostName = HostName ?? others.HostName,
        TimeZone = TimeZone ?? others.TimeZone,
        Wireless = Wireless ?? others.Wireless,
        Wired = Wired ?? others.Wired,
        SshKeys = SshKeys ?? others.SshKeys,
        SshPasswords = SshPasswords ?? others.SshPasswords,
        User = User ?? others.User,
        Admin = Admin ?? others.Admin,
        Gateway = Gateway ?? others.Gateway,
        NotDone = [.. NotDone, .. others.NotDone],
    };

    /// <summary>Tells no secrets.</summary>
    public override string ToString() => "what the owner wants";
}
