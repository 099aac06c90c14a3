using System.Buffers;
using System.Text;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>What applications, devices and what follows from them may be called.</summary>
internal static class RegistryNames
{
    private const int MaxNameBytes = 255;
    private const int MaxIndexBytes = 126;

    private static readonly SearchValues<char> NotInIndexes = SearchValues.Create("\\/*?\"<>| \t\r\n,+#:%&.");

    /// <summary>What a name must be, to follow its path.</summary>
    public const string NameRule = "must be text of 1 to 255 bytes without control characters, + and #";

    /// <summary>Whether a device or an application can have that name.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= MaxNameBytes && !name.AsSpan().ContainsAny('+', '#') && !name.Any(char.IsControl);

    /// <summary>Whether Kuzzle lets an index, or a collection, have that name.</summary>
    public static bool IsIndex(string name) =>
        name.Length > 0 && name is not ("_all" or "kuzzle" or "_kuzzle_keep") && !name.AsSpan().ContainsAny(NotInIndexes)
        && string.Equals(name, name.ToLowerInvariant(), StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(name) <= MaxIndexBytes;

    /// <summary>A legal name of a collection that is as much as possible like a channel.</summary>
    public static string CollectionOf(string channel)
    {
        var lower = channel.ToLowerInvariant();
        var name = new StringBuilder(lower.Length);
        foreach (var letter in lower) name.Append(NotInIndexes.Contains(letter) || char.IsControl(letter) ? '-' : letter);
        while (Encoding.UTF8.GetByteCount(name.ToString()) > MaxIndexBytes) name.Length--;
        var text = name.ToString();
        return IsIndex(text) ? text : $"-{text}";
    }

    /// <summary>The identifier of a device's documents: its name, with slashes as they stand in addresses.</summary>
    public static string IdOf(string device) => device.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    /// <summary>The name of the device whose documents have that identifier.</summary>
    public static string NameOf(string id) => id.Replace("%2F", "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
