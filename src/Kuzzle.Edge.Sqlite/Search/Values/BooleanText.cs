namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>What strings a boolean field takes.</summary>
internal static class BooleanText
{
    public static bool TryParse(ReadOnlySpan<byte> text, out bool value)
    {
        value = text.SequenceEqual("true"u8);
        return value || text.IsEmpty || text.SequenceEqual("false"u8);
    }
}
