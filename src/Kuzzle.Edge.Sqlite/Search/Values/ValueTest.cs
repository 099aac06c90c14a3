namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>What a clause asks of a value. A document matches when one value of the field passes.</summary>
internal abstract class ValueTest
{
    /// <summary>Whether a text is handed over whole instead of word by word.</summary>
    public virtual bool TakesWholeText => false;

    public abstract bool Passes(FieldValue value);
}
