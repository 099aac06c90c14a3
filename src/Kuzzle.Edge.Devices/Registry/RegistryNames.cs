using System.Text;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>What applications, devices and what follows from them may be called.</summary>
internal static class RegistryNames
{
    private const int MaxNameBytes = 255;

    /// <summary>What a name must be, to follow its path.</summary>
    public const string NameRule = "must be text of 1 to 255 bytes without control characters, + and #";

    /// <summary>Whether a device or an application can have that name.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= MaxNameBytes && !name.AsSpan().ContainsAny('+', '#') && !name.Any(char.IsControl);

    /// <summary>Whether an application's index, or a collection in it, may have that name.</summary>
    public static bool IsIndex(string name) => Names.IsValid(name) && name is not (Names.Internal or Names.ReservedCollection);

    /// <summary>A legal name of a collection that is as much as possible like a channel.</summary>
    public static string CollectionOf(string channel)
    {
        var name = new StringBuilder(Names.MaxBytes);
        var bytes = 0;
        foreach (var rune in channel.ToLowerInvariant().EnumerateRunes())
        {
            var letter = Rune.IsControl(rune) || (rune.IsBmp && Names.Forbidden.Contains((char)rune.Value)) ? new Rune('-') : rune;
            bytes += letter.Utf8SequenceLength;
            if (bytes > Names.MaxBytes) break; // Not within a character; and a channel is long or short at its sender's will.

            name.Append(letter.ToString());
        }

        var text = name.ToString();
        return IsIndex(text) ? text : $"-{text}";
    }

    /// <summary>The identifier of a device's documents: its name, with slashes as they stand in addresses.</summary>
    public static string IdOf(string device) => device.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    /// <summary>The name of the device whose documents have that identifier.</summary>
    public static string NameOf(string id) => id.Replace("%2F", "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
