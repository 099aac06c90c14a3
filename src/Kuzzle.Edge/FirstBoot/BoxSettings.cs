using System.Net;
using System.Text;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>What may stand in <c>kuzzle-edge.toml</c> and <c>kuzzle-edge.json</c>. The table in docs/image.md is made from it.</summary>
internal static class BoxSettings
{
    /// <summary>What belongs to the gateway and not to the box: read by the gateway's own rules.</summary>
    private static readonly string[] GatewayKeys = ["upstream", "sensors"];

    public static readonly Setting<string> HostName = new("hostname", WishTypes.HostName, null, "The name of the box, found on the network as NAME.local. Absent: `kuzzle-edge`.");

    public static readonly Setting<string> TimeZone = new("timezone", WishTypes.TimeZone, null, "The time zone of its logs. Absent: UTC.");

    public static readonly Setting<string> WifiSsid = new("wifi.ssid", WishTypes.Ssid, null, "The wireless network to join.");

    public static readonly Setting<string> WifiPassword = new("wifi.password", WishTypes.WirelessSecret, null, "Its password (WPA2 or WPA3). Absent: an open network.") { IsSecret = true };

    public static readonly Setting<string> WifiCountry = new("wifi.country", WishTypes.Country, null, "Where the box is: which channels are allowed.");

    public static readonly Setting<bool> WifiHidden = new("wifi.hidden", Configuration.Settings.Types.Flag, false, "Whether the network does not tell its name.");

    public static readonly Setting<IPNetworkAddress> Address = new("network.address", WishTypes.Address, null, "The address on the wired network. Absent: the network gives one out (DHCP).");

    public static readonly Setting<IPAddress> Gateway = new("network.gateway", WishTypes.Host, null, "With `network.address`: the way out.");

    public static readonly Setting<IReadOnlyList<IPAddress>> NameServers = new(
        "network.dns", new ListType<IPAddress>("a list of IP addresses", WishTypes.Host), [], "With `network.address`: who is asked for names.");

    public static readonly Setting<IReadOnlyList<string>> SshKeys = new(
        "ssh.keys", new ListType<string>("a list of public keys", WishTypes.SshKey), [], "Who may log in by SSH: as `user.name` if there is one, else as `root`.");

    public static readonly Setting<bool> SshPasswords = new("ssh.passwords", Configuration.Settings.Types.Flag, false, "Whether the password of `user` is enough to log in by SSH.");

    public static readonly Setting<string> UserName = new("user.name", WishTypes.UserName, null, "Somebody who may log in, and become root with `sudo`.");

    public static readonly Setting<string> UserPassword = new("user.password", WishTypes.SystemPassword, null, "The password, or its hash as `mkpasswd` makes it (`$y$…`, `$6$…`, `$5$…`).") { IsSecret = true };

    public static readonly Setting<string> AdminName = new("admin.name", WishTypes.AdminName, "admin", "The gateway's first administrator.");

    public static readonly Setting<string> AdminPassword = new("admin.password", WishTypes.Password, null, "Its password. Absent: the box waits to be claimed.") { IsSecret = true };

    /// <summary>The keys of the box itself.</summary>
    public static SettingSchema Schema { get; } = new(
        [HostName, TimeZone, WifiSsid, WifiPassword, WifiCountry, WifiHidden, Address, Gateway, NameServers, SshKeys, SshPasswords, UserName, UserPassword, AdminName, AdminPassword], []);

    /// <summary>What the file says, with its faults added. What it says for the gateway is not checked here.</summary>
    public static BoxWishes Read(SettingObject written, List<ConfigurationFault> faults)
    {
        var gateway = GatewayOf(written, faults);
        var own = written.Members.Where(member => member.Key != "settings" && !GatewayKeys.Contains(member.Key)).ToDictionary(StringComparer.Ordinal);
        var values = Schema.Read(written with { Members = own }, SettingPath.Root, faults);

        FindMissing(values, WifiSsid, [WifiPassword, WifiCountry, WifiHidden], faults);
        FindMissing(values, Address, [Gateway, NameServers], faults);
        FindMissing(values, UserName, [UserPassword, SshPasswords], faults);
        FindMissing(values, AdminPassword, [AdminName], faults);
        if (values.IsWritten(SshPasswords) && values.Get(SshPasswords) && !values.IsMeant(UserPassword))
        {
            faults.Add(new ConfigurationFault(values.OriginOf(SshPasswords), "ssh.passwords needs user.password: there is no password that could be enough"));
        }

        var password = values.Find(UserPassword);
        return new BoxWishes
        {
            HostName = values.Find(HostName),
            TimeZone = values.Find(TimeZone),
            Wireless = values.Find(WifiSsid) is { } ssid
                ? new WirelessNetwork(Encoding.UTF8.GetBytes(ssid), values.Find(WifiPassword), values.Get(WifiHidden), values.Find(WifiCountry))
                : null,
            Wired = values.Find(Address) is { } address ? new FixedAddress(address, values.Find(Gateway), values.Get(NameServers)) : null,
            SshKeys = values.IsWritten(SshKeys) ? values.Get(SshKeys) : null,
            SshPasswords = values.IsWritten(SshPasswords) ? values.Get(SshPasswords) : null,
            User = values.Find(UserName) is { } user ? new SystemUser(user, password, password is ['$', ..], NeedsNoPassword: password is null) : null,
            Admin = values.Find(AdminPassword) is { } secret ? new FirstAdmin(values.Get(AdminName), secret) : null,
            Gateway = gateway,
        };
    }

    /// <summary>Settings of the gateway: the two that most boxes have by their own names, and any under "settings".</summary>
    private static SettingObject? GatewayOf(SettingObject written, List<ConfigurationFault> faults)
    {
        var members = written.Members.Where(member => GatewayKeys.Contains(member.Key)).ToDictionary(StringComparer.Ordinal);
        var gateway = new SettingObject(written.Origin, members);
        if (written.Members.TryGetValue("settings", out var settings))
        {
            if (settings is SettingObject more) gateway = gateway.Overlay(more);
            else faults.Add(new ConfigurationFault(settings.Origin, $"settings must be an object of the gateway's settings, not {settings.Describe()}"));
        }

        return gateway.Members.Count == 0 ? null : gateway;
    }

    private static void FindMissing(SettingValues values, Setting needed, Setting[] others, List<ConfigurationFault> faults)
    {
        if (values.IsMeant(needed) || Array.Find(others, values.IsWritten) is not { } other) return;
        faults.Add(new ConfigurationFault(values.OriginOf(other), $"{other.Key} means nothing without {needed.Key}"));
    }
}
