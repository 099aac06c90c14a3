using System.Net;
using System.Text;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>What may be written for the wishes, by whoever writes them.</summary>
internal static class WishTypes
{
    /// <summary>The fewest characters of a password that somebody chooses for an administrator.</summary>
    private const int MinPasswordLength = 8;

    /// <summary>A name in a file under /usr/share/zoneinfo; whether there is such a file is looked up when it is applied.</summary>
    public static readonly TextType<string> TimeZone = Text(
        "a time zone such as \"Europe/Paris\"",
        static text => text.Split('/').All(static part => part.Length > 0 && part.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '+')));

    public static readonly TextType<string> HostName = Text(
        "a name of 1 to 63 letters, digits and '-', beginning and ending with a letter or digit",
        static text => text.Length is >= 1 and <= 63
            && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            && text[0] != '-' && text[^1] != '-');

    public static readonly TextType<string> Ssid = Text("the name of a wireless network: 1 to 32 bytes of text", static text => Encoding.UTF8.GetByteCount(text) is >= 1 and <= 32);

    public static readonly TextType<string> SsidHex = Text(
        "the name of a wireless network: 1 to 32 bytes as hexadecimal digits", static text => text.Length is >= 2 and <= 64 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit));

    public static readonly TextType<string> WirelessSecret = Text("the password of a wireless network: 8 to 63 ASCII characters, or a key of 64 hexadecimal digits", IsWirelessSecret);

    public static readonly TextType<string> Country = Text("a country's two letters such as \"FR\"", static text => text.Length == 2 && text.All(char.IsAsciiLetter));

    public static readonly TextType<string> SshKey = Text("a public key: one line such as \"ssh-ed25519 AAAA… me@laptop\"", IsSshKey);

    public static readonly TextType<string> UserName = Text(
        "a user's name: 1 to 32 lower-case letters, digits, '-' and '_', beginning with a letter or '_'",
        static text => text.Length is >= 1 and <= 32
            && (char.IsAsciiLetterLower(text[0]) || text[0] == '_')
            && text.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_'));

    /// <summary>What the system's tools take: one line.</summary>
    public static readonly TextType<string> SystemPassword = Text("a password: one line of text", static text => text.Length > 0 && !text.AsSpan().ContainsAny("\r\n\0"));

    public static readonly TextType<string> Password = Text("a password of at least 8 characters", static text => text.Length >= MinPasswordLength);

    public static readonly TextType<string> AdminName = Text("a user's name: 1 to 128 characters", static text => text.Length is >= 1 and <= 128);

    public static readonly TextType<IPNetworkAddress> Address = new(
        "an address with the length of its prefix such as \"192.168.1.10/24\"", IPNetworkAddress.Parse, static address => address.ToString());

    public static readonly TextType<IPAddress> Host = new("an IP address", static text => IPAddress.TryParse(text, out var address) ? address : null, static address => address.ToString());

    /// <summary>Whether wpa_supplicant would take it.</summary>
    public static bool IsWirelessSecret(string text) => text.Length == 64
        ? text.All(char.IsAsciiHexDigit)
        : text.Length is >= 8 and <= 63 && text.All(static letter => letter is >= ' ' and <= '~');

    /// <summary>Whether sshd would: the kind, then its bytes. Options before them are not taken, for nobody would see that they are wrong.</summary>
    public static bool IsSshKey(string text) =>
        !text.AsSpan().ContainsAny("\r\n\0")
        && text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var kind, { Length: >= 32 } bytes, ..]
        && (kind.StartsWith("ssh-", StringComparison.Ordinal) || kind.StartsWith("ecdsa-", StringComparison.Ordinal) || kind.StartsWith("sk-", StringComparison.Ordinal))
        && Convert.TryFromBase64String(bytes, new byte[bytes.Length], out _);

    private static TextType<string> Text(string description, Func<string, bool> isRight) => new(description, text => isRight(text) ? text : null, static text => text);
}
