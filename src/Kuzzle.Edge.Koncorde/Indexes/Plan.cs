namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>A filter, or what is left of it to check, bound to the fields of one index.</summary>
internal abstract class Plan
{
    /// <summary>Whether the document now being tested passes.</summary>
    public abstract bool Holds();

    /// <summary>Gives back what is shared with other filters.</summary>
    public virtual void Release()
    {
    }
}
