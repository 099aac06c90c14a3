using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>That one object below a path matches a query of its own. For one thread at a time.</summary>
internal sealed class NestedTest(byte[] path, QueryNode query) : LeafTest
{
    // The outer scanner may be asked by others of the same query; this one looks into the elements.
    private readonly FieldScanner _inner = new();
    private readonly List<Range> _objects = [];

    public override bool Matches(FieldScanner scanner, ReadOnlySpan<byte> source)
    {
        _objects.Clear();
        scanner.FindObjects(source, path, _objects);
        foreach (var element in _objects)
        {
            if (query.Matches(new Candidate(0, 0, default, source[element]), _inner)) return true;
        }

        return false;
    }
}
