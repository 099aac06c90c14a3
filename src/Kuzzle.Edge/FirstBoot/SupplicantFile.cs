using System.Text;
using Kuzzle.Edge.Configuration;

namespace Kuzzle.Edge.FirstBoot;

/// <summary><c>wpa_supplicant.conf</c>, as people put it on cards for years: one wireless network with a password, or an open one.</summary>
internal static class SupplicantFile
{
    /// <summary>What the file says, with its faults added.</summary>
    public static BoxWishes Read(string text, string source, List<ConfigurationFault> faults)
    {
        string? country = null;
        var networks = new List<(Origin Origin, Dictionary<string, string> Values)>();
        Dictionary<string, string>? open = null;
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].Trim();
            var origin = new Origin(source, index + 1);
            if (line.Length == 0 || line[0] == '#') continue;

            if (open is null && line.Replace(" ", "", StringComparison.Ordinal) == "network={") networks.Add((origin, open = new Dictionary<string, string>(StringComparer.Ordinal)));
            else if (line == "}" && open is not null) open = null;
            else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && !line.EndsWith('{')) Note(open, line[..equals].Trim(), line[(equals + 1)..].Trim(), ref country);
            else if (open is not null) faults.Add(new ConfigurationFault(origin, "is no line of a network: NAME=VALUE is one"));
        }

        if (open is not null) faults.Add(new ConfigurationFault(networks[^1].Origin, "begins a network that has no end"));
        if (networks.Count > 1) faults.Add(new ConfigurationFault(networks[1].Origin, "begins a second network; this box joins one"));
        if (country is not null && !WishTypes.Country.Takes(country)) faults.Add(new ConfigurationFault(new Origin(source), $"country must be {WishTypes.Country.Description}, not \"{country}\""));
        return networks.Count == 0 ? new BoxWishes() : new BoxWishes { Wireless = NetworkOf(networks[0].Origin, networks[0].Values, country, faults) };
    }

    private static void Note(Dictionary<string, string>? network, string name, string value, ref string? country)
    {
        if (network is not null) network[name] = value;
        else if (name == "country") country = value;
    }

    private static WirelessNetwork? NetworkOf(Origin origin, Dictionary<string, string> values, string? country, List<ConfigurationFault> faults)
    {
        void Refuse(string message) => faults.Add(new ConfigurationFault(origin, message));

        if (values.ContainsKey("eap") || values.GetValueOrDefault("key_mgmt")?.Contains("EAP", StringComparison.Ordinal) == true)
        {
            Refuse("is a network with a name and password for each user (EAP); this box joins networks with one password");
            return null;
        }

        if (NameOf(values.GetValueOrDefault("ssid")) is not { Length: >= 1 and <= 32 } ssid)
        {
            Refuse($"ssid must be {WishTypes.Ssid.Description}, in quotation marks, or as hexadecimal digits");
            return null;
        }

        var written = values.GetValueOrDefault("sae_password") ?? values.GetValueOrDefault("psk");
        var secret = written is ['"', .., '"'] ? written[1..^1] : written;
        var isOpen = values.GetValueOrDefault("key_mgmt") == "NONE";
        if (isOpen ? secret is not null : secret is null || !WishTypes.IsWirelessSecret(secret) || (written![0] != '"' && secret.Length != 64))
        {
            Refuse(isOpen ? "has a password and key_mgmt=NONE, which contradict each other" : $"psk must be {WishTypes.WirelessSecret.Description}; a password stands in quotation marks, and an open network says key_mgmt=NONE");
            return null;
        }

        return new WirelessNetwork(ssid, secret, values.GetValueOrDefault("scan_ssid") == "1", country is not null && WishTypes.Country.Takes(country) ? country : null);
    }

    /// <summary>What stands between the first and the last quotation mark, whatever it is; without them, the digits of its bytes.</summary>
    private static byte[]? NameOf(string? written) => written switch
    {
        null => null,
        ['"', .., '"'] => Encoding.UTF8.GetBytes(written[1..^1]),
        _ => WishTypes.SsidHex.Takes(written) ? Convert.FromHexString(written) : null,
    };
}
