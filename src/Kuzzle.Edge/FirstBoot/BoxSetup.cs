using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// Makes the box what its owner wants: the files of the system that say so. Doing it twice does no harm, so a power cut in the middle is mended by the next start.
/// </summary>
/// <param name="root">What stands for <c>/</c>.</param>
/// <param name="tools">The programs of the system.</param>
internal sealed class BoxSetup(string root, ISystemTools tools)
{
    /// <summary>Where the gateway's settings go that came with the box.</summary>
    private const string GatewayFile = "etc/kuzzle-edge/kuzzlerc.d/50-first-boot.json";

    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForGroup = Secret | UnixFileMode.GroupRead;
    private const UnixFileMode Public = ForGroup | UnixFileMode.OtherRead;
    private const UnixFileMode OwnFolder = Secret | UnixFileMode.UserExecute;

    /// <summary>What cannot be: a time zone that there is not, settings that the gateway would refuse.</summary>
    public void FindFaults(BoxWishes wishes, List<ConfigurationFault> faults)
    {
        if (wishes.TimeZone is { } zone && !File.Exists(PathOf($"usr/share/zoneinfo/{zone}")))
        {
            faults.Add(new ConfigurationFault(new Origin("timezone"), $"there is no time zone \"{zone}\" on this box; there are those of /usr/share/zoneinfo, such as \"Europe/Paris\""));
        }

        if (wishes.Gateway is null && wishes.Admin is null) return;

        // As the gateway itself will read it: over its own file, with all that has to fit together. What was wrong before this file came is not this file's fault.
        var found = wishes.Gateway is null ? [] : faults;
        var sources = new ConfigurationSources { SystemDirectory = PathOf("etc/kuzzle-edge") };
        var written = sources.Read(found);
        if (wishes.Gateway is { } settings) written = written.Overlay(settings);
        var values = KnownSettings.Schema.Read(written, SettingPath.Root, found);
        ConfigurationRules.Check(values, sources.Clock, found);
        if (wishes.Admin is not null && !values.Get(ServerSettings.HttpEnabled))
        {
            faults.Add(new ConfigurationFault(new Origin("admin"), "the administrator is made through the gateway's HTTP, which is off (server.protocols.http.enabled); leave it on until the box has one"));
        }
    }

    /// <summary>Does what was found to be possible. What a tool of the system refuses is told; the rest is done nevertheless.</summary>
    /// <returns>What went wrong.</returns>
    public IReadOnlyList<string> Apply(BoxWishes wishes)
    {
        var troubles = new List<string>();
        if (wishes.HostName is { } name) Write("etc/hostname", name + "\n", Public);
        if (wishes.TimeZone is { } zone) Link("etc/localtime", $"/usr/share/zoneinfo/{zone}");
        if (wishes.Wired is { } wired) Write("etc/systemd/network/20-first-boot.network", WiredNetwork(wired), Public);
        if (wishes.Wireless is { } wireless) Write("etc/wpa_supplicant/kuzzle-edge.conf", Supplicant(wireless), Secret);
        if (wishes.SshPasswords is { } passwords) Write("etc/ssh/sshd_config.d/40-first-boot.conf", $"PasswordAuthentication {(passwords ? "yes" : "no")}\n", Public);
        if (wishes.User is { } user) Make(user, troubles);
        if (wishes.SshKeys is { Count: > 0 } keys) Admit(keys, wishes.User, troubles);
        if (wishes.Gateway is { } gateway) Write(GatewayFile, Indented(SettingJson.Of(gateway)), ForGroup);
        if (wishes.Admin is { } admin) new Claim(root).Reserve(admin);
        if (tools.Run("/usr/bin/sync", []) is { } trouble) troubles.Add($"sync: {trouble}");
        return troubles;
    }

    private static string WiredNetwork(FixedAddress wired)
    {
        var gateway = wired.Gateway is { } address ? $"Gateway={address}\n" : "";
        var servers = string.Concat(wired.NameServers.Select(server => $"DNS={server}\n"));
        return $"[Match]\nType=ether\nKind=!*\n\n[Network]\nMulticastDNS=yes\nAddress={wired.Address}\n{gateway}{servers}\n[Link]\nRequiredForOnline=no\n";
    }

    private static string Supplicant(WirelessNetwork network)
    {
        var country = network.Country is { } letters ? $"country={letters.ToUpperInvariant()}\n" : "";
        var hidden = network.IsHidden ? "  scan_ssid=1\n" : "";
        var secret = network.Secret switch
        {
            null => "  key_mgmt=NONE\n",
            { Length: 64 } key => $"  key_mgmt=WPA-PSK\n  psk={key}\n",
            var password => $"  key_mgmt=WPA-PSK SAE\n  ieee80211w=1\n  psk=\"{password}\"\n", // What stands between the first and the last quotation mark counts, whatever it is.
        };
        return $"ctrl_interface=DIR=/run/wpa_supplicant\n{country}network={{\n  ssid={Convert.ToHexStringLower(network.Ssid)}\n{hidden}{secret}}}\n";
    }

    private void Make(SystemUser user, List<string> troubles)
    {
        void Run(string program, string[] arguments, string input = "")
        {
            if (tools.Run(program, arguments, input) is { } trouble) troubles.Add($"{program} {string.Join(' ', arguments)}: {trouble}");
        }

        if (!Knows(user.Name)) Run("/usr/sbin/useradd", ["--create-home", "--shell", "/bin/bash", "--", user.Name]);
        if (user.Password is { } password) Run("/usr/sbin/chpasswd", user.IsHashed ? ["--encrypted"] : [], $"{user.Name}:{password}\n");
        Write("etc/sudoers.d/first-boot", $"{user.Name} ALL=(ALL:ALL) {(user.NeedsNoPassword ? "NOPASSWD: " : "")}ALL\n", UnixFileMode.UserRead | UnixFileMode.GroupRead);
    }

    private bool Knows(string user) => File.ReadLines(PathOf("etc/passwd")).Any(line => line.StartsWith(user + ":", StringComparison.Ordinal));

    private void Admit(IReadOnlyList<string> keys, SystemUser? user, List<string> troubles)
    {
        var folder = user is null ? "root/.ssh" : $"home/{user.Name}/.ssh";
        Directory.CreateDirectory(PathOf(folder), OwnFolder);
        Write($"{folder}/authorized_keys", string.Concat(keys.Select(key => key + "\n")), Secret);
        if (user is not null && tools.Run("/usr/bin/chown", ["--recursive", $"{user.Name}:", PathOf(folder)]) is { } trouble) troubles.Add($"chown: {trouble}");
    }

    private void Write(string file, string text, UnixFileMode mode) => DurableFile.Write(PathOf(file), text, mode);

    private void Link(string file, string target)
    {
        var path = PathOf(file);
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }

    private static string Indented(JsonElement json)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true })) json.WriteTo(writer);
        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private string PathOf(string file) => Path.Combine(root, file);
}
