namespace Kuzzle.Edge.Koncorde.Text;

/// <summary>Lets a dictionary of texts be asked with bytes that were never copied.</summary>
internal sealed class Utf8TextComparer : IEqualityComparer<Utf8Text>, IAlternateEqualityComparer<ReadOnlySpan<byte>, Utf8Text>
{
    public static readonly Utf8TextComparer Instance = new();

    public bool Equals(Utf8Text left, Utf8Text right) => left.Equals(right);

    public bool Equals(ReadOnlySpan<byte> alternate, Utf8Text other) => alternate.SequenceEqual(other.Span);

    public int GetHashCode(Utf8Text text) => Utf8Hash.Of(text.Span);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => Utf8Hash.Of(alternate);

    public Utf8Text Create(ReadOnlySpan<byte> alternate) => new(alternate.ToArray());
}
