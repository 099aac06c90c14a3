using System.Text;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>A password or key, or the file that holds it. The file is read at each connection, so that a renewed one is used. Immutable.</summary>
public sealed class UpstreamSecret
{
    /// <summary>A key of some hundred bytes is a long one: a larger file is another than was meant.</summary>
    private const int MaxBytes = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string? _text;
    private readonly string? _file;

    private UpstreamSecret(string? text, string? file) => (_text, _file) = (text, file);

    /// <summary>The secret itself.</summary>
    public static UpstreamSecret Of(string text) => new(text, file: null);

    /// <summary>A file that holds it; a line's end behind it is not part of it.</summary>
    public static UpstreamSecret InFile(string path) => new(text: null, path);

    /// <summary>Says where it is, not what.</summary>
    public override string ToString() => _file ?? "(secret)";

    /// <exception cref="LinkBrokenException">The file is of no use; the message says which.</exception>
    internal string Read()
    {
        if (_text is not null) return _text;

        try
        {
            using var file = File.OpenRead(_file!);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes) throw new LinkBrokenException($"The file {_file} of the link's login is larger than {MaxBytes} bytes; it must hold nothing but the secret.");

            var secret = Strict.GetString(bytes, 0, length).TrimEnd('\r', '\n');
            return secret.Length > 0 ? secret : throw new LinkBrokenException($"The file {_file} of the link's login is empty.");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new LinkBrokenException($"The file {_file} of the link's login is of no use: {unusable.Message}", unusable);
        }
    }
}
