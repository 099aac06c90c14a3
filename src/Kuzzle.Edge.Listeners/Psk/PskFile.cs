using System.Globalization;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>
/// The keys of a file: one <c>identity:hexadecimal key</c> a line, as mosquitto has them. Lines that begin with # and empty ones do not count; the last colon separates,
/// so that an identity may have some. Immutable.
/// </summary>
internal sealed class PskFile : IPskKeys
{
    // OpenSSL's bounds for both.
    private const int LongestIdentityBytes = 256;
    private const int LongestKeyBytes = 256;

    private readonly Dictionary<string, byte[]> _keys;

    private PskFile(Dictionary<string, byte[]> keys) => _keys = keys;

    /// <summary>Reads it.</summary>
    /// <exception cref="TlsFileException">It is of no use. The message names the line, and no key.</exception>
    public static PskFile Load(string path)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var number = 0;
        foreach (var raw in TlsFile.ReadText(path).AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#') continue;
            if (Read(line, keys) is { } fault) throw new TlsFileException(path, string.Create(CultureInfo.InvariantCulture, $"line {number}: {fault}"));
        }

        return new PskFile(keys);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> FindAsync(string identity, CancellationToken cancellationToken) => new(_keys.GetValueOrDefault(identity));

    private static string? Read(ReadOnlySpan<char> line, Dictionary<string, byte[]> keys)
    {
        var colon = line.LastIndexOf(':');
        if (colon <= 0) return "is not identity:key";

        var identity = line[..colon].ToString();
        if (System.Text.Encoding.UTF8.GetByteCount(identity) > LongestIdentityBytes) return $"has an identity of more than {LongestIdentityBytes} bytes";

        var hex = line[(colon + 1)..];
        if (hex.IsEmpty || hex.Length % 2 != 0 || hex.ContainsAnyExcept(HexDigits)) return $"has a key for {identity} that is not an even number of hexadecimal digits";
        if (hex.Length / 2 > LongestKeyBytes) return $"has a key for {identity} of more than {LongestKeyBytes} bytes";

        return keys.TryAdd(identity, Convert.FromHexString(hex)) ? null : $"has a second key for {identity}";
    }

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
