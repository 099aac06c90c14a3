using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>How an answer is compressed: as the client likes best of what there is.</summary>
internal static class AnswerEncoding
{
    /// <summary>A shorter answer fits into one packet whether compressed or not.</summary>
    public const int LeastBytes = 1024;

    /// <summary>What there is, the best first: with equal weights it is taken.</summary>
    private static readonly string[] Known = ["br", "gzip", "deflate"];

    /// <summary>The encoding for a client that accepts these, or null for none.</summary>
    public static string? Choose(string? acceptEncoding)
    {
        if (string.IsNullOrEmpty(acceptEncoding) || !StringWithQualityHeaderValue.TryParseList([acceptEncoding], out var accepted)) return null;

        return Known
            .Select(name => (Name: name, Weight: WeightOf(name, accepted)))
            .Where(candidate => candidate.Weight > 0 && candidate.Weight >= WeightOf("identity", accepted))
            .OrderByDescending(candidate => candidate.Weight)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>A stream that compresses into another; to be disposed of, which leaves the other open.</summary>
    public static Stream Encode(string encoding, Stream output) => encoding switch
    {
        // The fastest levels: at the best one, Brotli takes a second of a small board's core for each megabyte.
        "br" => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
        "gzip" => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true),
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "br, gzip or deflate"),
    };

    private static double WeightOf(string name, IList<StringWithQualityHeaderValue> accepted)
    {
        var named = accepted.FirstOrDefault(value => value.Value.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (named is null && name != "identity") named = accepted.FirstOrDefault(value => value.Value == "*");
        return named is null ? 0 : named.Quality ?? 1;
    }
}
