using System.Net;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The types that several settings share.</summary>
internal static class Types
{
    public static readonly FlagType Flag = new();

    public static readonly NumberType Number = new();

    public static readonly IntegerType<int> Port = new(0, 65_535);

    public static readonly TextType<string> Text = new("text", static text => text.Length > 0 ? text : null, static text => text);

    public static readonly TextType<string> DeviceName = new(
        "1 to 64 letters, digits, '-', '_' or '.'",
        static text => text.Length is >= 1 and <= 64 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') ? text : null,
        static text => text);

    public static readonly TextType<string> DiscoveryId = new(
        "1 to 64 letters, digits, '-' or '_'",
        static text => text.Length is >= 1 and <= 64 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? text : null,
        static text => text);

    public static readonly TextType<string> IndexName = new(
        "the name of an index: 1 to 126 lower-case letters, digits, '-' or '_', other than \"kuzzle\"",
        static text => text.Length is >= 1 and <= 126 && text != "kuzzle" && text.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_') ? text : null,
        static text => text);

    public static readonly TextType<string> TopicName = new(
        "a topic name: text without +, # and U+0000", static text => text.Length > 0 && text.AsSpan().IndexOfAny('+', '#', '\0') < 0 ? text : null, static text => text);

    public static readonly TextType<string> TopicLevel = new(
        "one topic level: text of 1 to 255 characters without /, +, # and U+0000",
        static text => text.Length is >= 1 and <= 255 && !text.AsSpan().ContainsAny("/+#\0") ? text : null,
        static text => text);

    public static readonly TextType<string> ResponseTopics = new(
        "1 to 256 characters of a topic without +, # and U+0000", static text => text.Length is >= 1 and <= 256 && !text.AsSpan().ContainsAny("+#\0") ? text : null, static text => text);

    public static readonly TextType<string> FilePath = new("a path", static text => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? text : null, static text => text);

    public static readonly TextType<string> HostName = new(
        "the name or address of a host, without a port", static text => Uri.CheckHostName(text) is UriHostNameType.Unknown or UriHostNameType.Basic ? null : text, static text => text);

    public static readonly TextType<IPAddress> Address = new(
        "an IP address of this machine, \"localhost\" or \"*\" (all)",
        static text => text switch
        {
            "*" => IPAddress.Any,
            "localhost" => IPAddress.Loopback,
            _ => IPAddress.TryParse(text, out var address) ? address : null,
        },
        static address => address.Equals(IPAddress.Any) ? "*" : address.ToString());

    public static IntegerType<int> Integer(int min, int max) => new(min, max);

    public static IntegerType<long> Long(long min, long max) => new(min, max);

    public static DurationType Duration(TimeSpan min, TimeSpan max) => new(min, max);

    public static ByteSizeType Bytes(long min, long max) => new(min, max);
}
