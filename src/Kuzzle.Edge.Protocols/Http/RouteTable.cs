using Kuzzle.Edge.Api.Routes;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>
/// Finds routes by method and path. As in Kuzzle, a segment that any route spells out is taken literally, and there is no way back: <c>/users/x</c> is never an index
/// called "users". Immutable after its making.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, Node> _methods = new(StringComparer.Ordinal);

    public RouteTable(IEnumerable<ApiAction> actions)
    {
        foreach (var action in actions)
        {
            foreach (var route in action.HttpRoutes) Add(action, route);
        }
    }

    /// <summary>The route of a request, or null.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path as it was sent, still with its percent signs: a slash in a value is not one between values.</param>
    public RouteMatch? Find(string method, ReadOnlySpan<char> path)
    {
        if (!_methods.TryGetValue(method, out var node)) return null;

        var values = new List<string>();
        foreach (var range in path.Split('/'))
        {
            if (path[range].IsEmpty) continue;

            var segment = Uri.UnescapeDataString(path[range]);
            if (node.Literals.TryGetValue(segment, out var next))
            {
                node = next;
            }
            else if (node.Argument is not null)
            {
                values.Add(segment);
                node = node.Argument;
            }
            else
            {
                return null;
            }
        }

        return node.End is { } end ? new RouteMatch(end.Action, end.Route, values) : null;
    }

    private void Add(ApiAction action, HttpRoute route)
    {
        if (!_methods.TryGetValue(route.Method, out var node)) _methods.Add(route.Method, node = new Node());

        foreach (var segment in route.Segments) node = HttpRoute.IsArgument(segment) ? node.Argument ??= new Node() : node.Next(segment);
        node.End = node.End is null ? (action, route) : throw new InvalidOperationException($"Two actions have the route {route}.");
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = new(StringComparer.Ordinal);

        public Node? Argument { get; set; }

        public (ApiAction Action, HttpRoute Route)? End { get; set; }

        public Node Next(string segment)
        {
            if (!Literals.TryGetValue(segment, out var next)) Literals.Add(segment, next = new Node());
            return next;
        }
    }
}
