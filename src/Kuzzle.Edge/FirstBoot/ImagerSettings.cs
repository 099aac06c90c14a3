using System.Text;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// What Raspberry Pi Imager writes for images of the format <c>rpi-preseed</c> (<c>rpi-preseed.toml</c>), and what older tools write as <c>custom.toml</c>: the same keys. What this
/// box has no use for (keyboards, Raspberry Pi Connect) is left alone, and so is what a later Imager may add.
/// </summary>
internal static class ImagerSettings
{
    private static readonly Setting<string> HostName = new("system.hostname", WishTypes.HostName, null, "");
    private static readonly Setting<string> UserName = new("user.name", WishTypes.UserName, null, "");
    private static readonly Setting<string> UserPassword = new("user.password", WishTypes.SystemPassword, null, "") { IsSecret = true };
    private static readonly Setting<bool> IsUserPasswordHashed = new("user.password_encrypted", Types.Flag, false, "");
    private static readonly Setting<bool> NeedsNoPassword = new("user.passwordless_sudo", Types.Flag, false, "");
    private static readonly Setting<bool> SshPasswords = new("ssh.password_authentication", Types.Flag, false, "");
    private static readonly Setting<IReadOnlyList<string>> SshKeys = new("ssh.authorized_keys", new ListType<string>("a list of public keys", WishTypes.SshKey), [], "");
    private static readonly Setting<string> Ssid = new("wlan.ssid", WishTypes.Ssid, null, "");
    private static readonly Setting<string> SsidHex = new("wlan.ssid_hex", WishTypes.SsidHex, null, "");
    private static readonly Setting<string> WirelessSecret = new("wlan.password", WishTypes.WirelessSecret, null, "") { IsSecret = true };
    private static readonly Setting<bool> IsHidden = new("wlan.hidden", Types.Flag, false, "");
    private static readonly Setting<string> Country = new("wlan.country", WishTypes.Country, null, "");
    private static readonly Setting<string> TimeZone = new("locale.timezone", WishTypes.TimeZone, null, "");

    private static readonly SettingSchema Schema = new(
        [HostName, UserName, UserPassword, IsUserPasswordHashed, NeedsNoPassword, SshPasswords, SshKeys, Ssid, SsidHex, WirelessSecret, IsHidden, Country, TimeZone], []);

    /// <summary>What the file says, with its faults added.</summary>
    public static BoxWishes Read(SettingObject written, List<ConfigurationFault> faults)
    {
        var values = Schema.Read(Known(written), SettingPath.Root, faults);
        var ssid = values.Find(Ssid) is { } text ? Encoding.UTF8.GetBytes(text) : values.Find(SsidHex) is { } digits ? Convert.FromHexString(digits) : null;
        return new BoxWishes
        {
            HostName = values.Find(HostName),
            TimeZone = values.Find(TimeZone),
            Wireless = ssid is null ? null : new WirelessNetwork(ssid, values.Find(WirelessSecret), values.Get(IsHidden), values.Find(Country)),
            SshKeys = values.IsWritten(SshKeys) ? values.Get(SshKeys) : null,
            SshPasswords = values.IsWritten(SshPasswords) ? values.Get(SshPasswords) : null,
            User = values.Find(UserName) is { } name
                ? new SystemUser(name, values.Find(UserPassword), values.Get(IsUserPasswordHashed), values.Get(NeedsNoPassword) || !values.IsWritten(UserPassword))
                : null,
        };
    }

    private static SettingObject Known(SettingObject written)
    {
        var keys = Schema.Settings.Select(setting => setting.Key).ToHashSet(StringComparer.Ordinal);
        var members = new Dictionary<string, SettingNode>(StringComparer.Ordinal);
        foreach (var (section, node) in written.Members)
        {
            if (node is not SettingObject inner) continue;
            members[section] = inner with { Members = inner.Members.Where(member => keys.Contains($"{section}.{member.Key}")).ToDictionary(StringComparer.Ordinal) };
        }

        return written with { Members = members.Where(member => ((SettingObject)member.Value).Members.Count > 0).ToDictionary(StringComparer.Ordinal) };
    }
}
