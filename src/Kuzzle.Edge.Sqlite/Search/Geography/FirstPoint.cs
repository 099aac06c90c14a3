using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Geography;

/// <summary>Keeps the first point that it is shown.</summary>
internal sealed class FirstPoint : ValueTest
{
    public GeoPosition Position { get; private set; }

    public override bool Passes(FieldValue value)
    {
        Position = value.Point;
        return true;
    }
}
