using System.Net;
using System.Text;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>cloud-init's <c>network-config</c> in its version 2 (netplan's form), as Raspberry Pi Imager 2 writes it: the wired network, by DHCP or with an address, and one wireless network.</summary>
internal static class CloudNetwork
{
    private static readonly TextType<string> Host = new("an IP address", static text => IPAddress.TryParse(text, out _) ? text : null, static text => text);
    private static readonly TextType<string> Address = new(WishTypes.Address.Description, static text => IPNetworkAddress.Parse(text) is null ? null : text, static text => text);
    private static readonly TextType<string> Any = new("a text", static text => text, static text => text);

    /// <summary>What the file says, with its faults added.</summary>
    public static BoxWishes Read(SettingObject written, List<ConfigurationFault> faults)
    {
        var values = new WrittenValues(written, SettingPath.Root, faults);
        var network = values.Names.Contains("network") ? values.Object("network") : values;
        if (network is null || !network.Names.Any()) return new BoxWishes();

        if (network.Text("version", Any) is not "2")
        {
            network.Refuse("version", "must be 2");
            return new BoxWishes();
        }

        return new BoxWishes { Wired = WiredOf(network), Wireless = WirelessOf(network) };
    }

    private static FixedAddress? WiredOf(WrittenValues network)
    {
        if (network.Object("ethernets") is not { } cards) return null;

        var given = cards.Names.Select(cards.Object).OfType<WrittenValues>().Where(card => card.Texts("addresses", Address) is not null).ToList();
        if (given.Count == 0) return null;

        var card = given[0];
        var addresses = card.Texts("addresses", Address)!;
        if (given.Count > 1 || addresses.Count != 1) card.Refuse("addresses", "must be one address: this box has one wired network, with one address or with those that it is given");

        var route = card.Objects("routes").FirstOrDefault(route => route.Text("to", Any) is "default" or "0.0.0.0/0" or "::/0");
        var gateway = card.Text("gateway4", Host) ?? card.Text("gateway6", Host) ?? route?.Text("via", Host);
        var servers = card.Object("nameservers")?.Texts("addresses", Host) ?? [];
        return new FixedAddress(IPNetworkAddress.Parse(addresses[0])!, gateway is null ? null : IPAddress.Parse(gateway), [.. servers.Select(IPAddress.Parse)]);
    }

    private static WirelessNetwork? WirelessOf(WrittenValues network)
    {
        if (network.Object("wifis") is not { } cards) return null;

        var all = cards.Names.Select(cards.Object).OfType<WrittenValues>().ToList();
        if (all.Find(card => card.Names.Contains("addresses")) is { } numbered) numbered.Refuse("addresses", "cannot be: on a wireless network this box takes the address that it is given");

        var found = all.SelectMany(card => card.Object("access-points") is { } points ? points.Names.Select(name => (Card: card, Points: points, Name: name)) : []).ToList();
        if (found.Count == 0) return null;
        if (found.Count > 1) found[1].Points.Refuse(found[1].Name, "is a second wireless network; this box joins one");

        var (holder, list, ssid) = found[0];
        if (!WishTypes.Ssid.Takes(ssid)) list.Refuse(ssid, $"must be {WishTypes.Ssid.Description}");
        var point = list.Object(ssid);
        var method = point?.Object("auth");
        if (method?.Text("key-management", Any) is { } kind and not ("none" or "psk" or "sae")) method.Refuse("key-management", $"must be psk, sae or none, not \"{kind}\": this box joins networks with a password");
        var secret = SecretOf(point) ?? SecretOf(method);
        return new WirelessNetwork(Encoding.UTF8.GetBytes(ssid), secret, point?.Flag("hidden") ?? false, holder.Text("regulatory-domain", WishTypes.Country));
    }

    /// <summary>Imager writes an empty one for an open network.</summary>
    private static string? SecretOf(WrittenValues? holder) =>
        holder?.Text("password", Any) is { Length: > 0 } ? holder.Text("password", WishTypes.WirelessSecret) : null;
}
