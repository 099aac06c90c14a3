using System.Text;
using Kuzzle.Edge.Configuration;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// <c>firstrun.sh</c>, which Raspberry Pi Imager 1 writes for every image that it does not know. It is read for what it wants and never run: its commands are Raspberry Pi OS's, and
/// this box has none of them.
/// </summary>
internal static class FirstRunScript
{
    private const string ImagerCustom = "/usr/lib/raspberrypi-sys-mods/imager_custom";
    private const string UserConfiguration = "/usr/lib/userconf-pi/userconf";

    /// <summary>What the script wants, with its faults added.</summary>
    public static BoxWishes Read(string script, string source, List<ConfigurationFault> faults)
    {
        var wishes = new BoxWishes();
        var lines = script.ReplaceLineEndings("\n").Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var origin = new Origin(source, index + 1);
            var line = lines[index].Trim();
            if (line.StartsWith(ImagerCustom, StringComparison.Ordinal)) wishes = Custom(wishes, WordsOf(line)[1..], origin, faults);
            else if (line.StartsWith(UserConfiguration, StringComparison.Ordinal)) wishes = User(wishes, WordsOf(line)[1..], origin, faults);
            else if (line.Contains(" ALL=(ALL) NOPASSWD:ALL", StringComparison.Ordinal) && wishes.User is { } user) wishes = wishes with { User = user with { NeedsNoPassword = true } };
        }

        return wishes;
    }

    private static BoxWishes Custom(BoxWishes wishes, string[] words, Origin origin, List<ConfigurationFault> faults)
    {
        bool IsRight(bool isRight, string message)
        {
            if (!isRight) faults.Add(new ConfigurationFault(origin, message));
            return isRight;
        }

        switch (words)
        {
            case ["set_hostname", var name] when IsRight(WishTypes.HostName.Takes(name), $"the name of the box must be {WishTypes.HostName.Description}, not \"{name}\""):
                return wishes with { HostName = name };
            case ["set_timezone", var zone] when IsRight(WishTypes.TimeZone.Takes(zone), $"the time zone must be {WishTypes.TimeZone.Description}, not \"{zone}\""):
                return wishes with { TimeZone = zone };
            case ["enable_ssh"]:
                return wishes with { SshPasswords = true };
            case ["enable_ssh", "-k", .. var keys] when IsRight(keys.All(WishTypes.IsSshKey), $"each key must be {WishTypes.SshKey.Description}"):
                return wishes with { SshKeys = keys, SshPasswords = false };
            case ["set_wlan", .. var network]:
                var isHidden = network is ["-h", ..];
                if (network[(isHidden ? 1 : 0)..] is not [var ssid, var secret, .. var rest]
                    || !IsRight(WishTypes.Ssid.Takes(ssid), $"the wireless network must be {WishTypes.Ssid.Description}")
                    || !IsRight(secret.Length == 0 || WishTypes.IsWirelessSecret(secret), $"the wireless network's password must be {WishTypes.WirelessSecret.Description}"))
                {
                    return wishes;
                }

                var country = rest is [{ Length: > 0 } given] && IsRight(WishTypes.Country.Takes(given), $"the country must be {WishTypes.Country.Description}, not \"{given}\"") ? given : null;
                return wishes with { Wireless = new WirelessNetwork(Encoding.UTF8.GetBytes(ssid), secret.Length == 0 ? null : secret, isHidden, country) };
            default:
                return wishes; // Keyboards and what else a board with a screen wants.
        }
    }

    private static BoxWishes User(BoxWishes wishes, string[] words, Origin origin, List<ConfigurationFault> faults)
    {
        if (words is not [var name, .. var rest] || !WishTypes.UserName.Takes(name))
        {
            faults.Add(new ConfigurationFault(origin, $"the user must be {WishTypes.UserName.Description}"));
            return wishes;
        }

        var hash = rest is [{ Length: > 0 } given] ? given : null;
        return wishes with { User = new SystemUser(name, hash, IsHashed: true, NeedsNoPassword: hash is null) };
    }

    /// <summary>The words of a command as a shell would have them, but for variables: Imager's quotation marks hold all that is not plain.</summary>
    private static string[] WordsOf(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        var quote = '\0';
        foreach (var letter in line)
        {
            if (quote != '\0')
            {
                if (letter == quote) quote = '\0';
                else word.Append(letter);
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
                isWord = true;
            }
            else if (letter is not (' ' or '\t'))
            {
                word.Append(letter);
                isWord = true;
            }
            else if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }

        if (isWord) words.Add(word.ToString());
        return [.. words];
    }
}
