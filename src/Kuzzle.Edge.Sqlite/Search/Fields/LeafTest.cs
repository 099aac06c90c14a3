namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>One leaf of a query, decided by a look into one document.</summary>
internal abstract class LeafTest
{
    /// <summary>Whether it is about the identifier, which is not in the document's source.</summary>
    public virtual bool IsAboutId => false;

    /// <summary>Whether it holds for a source, or for an identifier.</summary>
    public abstract bool Matches(FieldScanner scanner, ReadOnlySpan<byte> source);
}
