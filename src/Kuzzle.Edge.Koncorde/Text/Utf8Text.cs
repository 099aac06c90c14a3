using System.Text;

namespace Kuzzle.Edge.Koncorde.Text;

/// <summary>
/// A piece of JSON text, unescaped, as bytes. UTF-8, except that a lone surrogate (which JSON can spell and UTF-8 cannot) is kept as its
/// three-byte generalised form, so that texts which differ stay different.
/// </summary>
internal readonly struct Utf8Text(byte[] bytes) : IEquatable<Utf8Text>
{
    public ReadOnlySpan<byte> Span => bytes;

    public bool IsEmpty => bytes.Length == 0;

    public static Utf8Text From(string text) => new(Encoding.UTF8.GetBytes(text));

    public bool Equals(Utf8Text other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is Utf8Text other && Equals(other);

    public override int GetHashCode() => Utf8Hash.Of(bytes);

    /// <summary>The text for people: what is no UTF-8 shows as U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(bytes);
}
