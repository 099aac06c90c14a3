using System.Text;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>An area on the earth, its border included. Immutable.</summary>
internal abstract class GeoShape
{
    /// <summary>A box around the shape, which may be larger.</summary>
    public abstract GeoBounds Bounds { get; }

    public abstract bool Contains(in GeoLocation location);

    /// <summary>Appends the clause <c>{"keyword":{"field":…}}</c> in its one spelling; <paramref name="field"/> is a quoted name.</summary>
    public abstract void AppendTo(StringBuilder output, string field);
}
