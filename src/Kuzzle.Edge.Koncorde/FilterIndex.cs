using System.Text.Json;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Filters;

namespace Kuzzle.Edge.Koncorde;

/// <summary>Filters by value, asked together which of them a document matches. Not thread-safe: the caller serialises.</summary>
/// <typeparam name="T">What a filter stands for; its identity.</typeparam>
public sealed class FilterIndex<T>
    where T : notnull
{
    private readonly DocumentFields _fields = new();
    private readonly Dictionary<T, Expression> _filters = [];

    /// <summary>How many filters there are.</summary>
    public int Count => _filters.Count;

    /// <summary>Adds a filter under a value that has none.</summary>
    /// <exception cref="ArgumentException">The value has a filter already.</exception>
    public void Add(KoncordeFilter filter, T value)
    {
        _filters.Add(value, filter.Root);
        _fields.Prepare(filter.Root);
    }

    /// <summary>Removes the filter of a value; false when there is none.</summary>
    public bool Remove(T value) => _filters.Remove(value);

    /// <summary>Appends the values of all filters that match, each once, in no particular order.</summary>
    /// <param name="document">The document's body.</param>
    /// <param name="id">The document's id, when it is known; a member <c>_id</c> of the body then does not count.</param>
    /// <param name="matches">Where the values go; what it holds already stays.</param>
    public void CollectMatches(JsonElement document, string? id, List<T> matches)
    {
        _fields.Read(document, id);
        foreach (var (value, filter) in _filters)
        {
            if (_fields.Holds(filter)) matches.Add(value);
        }
    }
}
