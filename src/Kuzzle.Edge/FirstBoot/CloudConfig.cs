using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// cloud-init's <c>user-data</c>, which Raspberry Pi Imager 2 writes for images of that format: a name, a time zone, a user, SSH. There is no cloud-init on this box; what else may stand
/// there (packages, commands, files) is not done, and that is told.
/// </summary>
internal static class CloudConfig
{
    /// <summary>What is understood, and what changes nothing that matters here: how others would do what this box does anyhow, and its keyboard.</summary>
    private static readonly string[] Understood =
    [
        "hostname", "timezone", "users", "ssh_pwauth", "ssh_authorized_keys", "enable_ssh",
        "manage_resolv_conf", "manage_etc_hosts", "preserve_hostname", "keyboard", "locale", "rpi", "apt", "package_update", "disable_root",
    ];

    /// <summary>What the file says, with its faults added.</summary>
    public static BoxWishes Read(SettingObject written, List<ConfigurationFault> faults)
    {
        var values = new WrittenValues(written, SettingPath.Root, faults);
        var users = values.Objects("users");
        if (users.Count > 1) users[1].Refuse("name", "is a second user; this box makes one");

        var user = users.Count > 0 ? users[0] : null;
        return new BoxWishes
        {
            HostName = values.Text("hostname", WishTypes.HostName),
            TimeZone = values.Text("timezone", WishTypes.TimeZone),
            SshKeys = user?.Texts("ssh_authorized_keys", WishTypes.SshKey) ?? values.Texts("ssh_authorized_keys", WishTypes.SshKey),
            SshPasswords = values.Flag("ssh_pwauth"),
            User = user is null ? null : UserOf(user),
            NotDone = [.. values.Names.Where(name => !Understood.Contains(name)).Select(name => $"{written.Origin.Source}: {name} was not done: this box has no cloud-init, and reads of this file only names, the time zone, one user and SSH.")],
        };
    }

    private static SystemUser? UserOf(WrittenValues user)
    {
        if (user.Text("name", WishTypes.UserName) is not { } name)
        {
            if (!user.Names.Contains("name")) user.Refuse("name", "is missing");
            return null;
        }

        var hash = user.Text("passwd", WishTypes.SystemPassword) ?? user.Text("hashed_passwd", WishTypes.SystemPassword);
        var password = hash ?? user.Text("plain_text_passwd", WishTypes.SystemPassword);
        if (user.Flag("lock_passwd") != false) password = null; // As in cloud-init: a password opens nothing unless that is said.
        var rules = user.IsRefused("sudo") ? [] : user.Texts("sudo", WishTypes.SystemPassword) ?? [];
        return new SystemUser(name, password, IsHashed: hash is not null, NeedsNoPassword: password is null || rules.Any(rule => rule.Contains("NOPASSWD", StringComparison.Ordinal)));
    }
}
