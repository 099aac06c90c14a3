using System.Text.Json;
using Kuzzle.Edge.Koncorde.Indexes;

namespace Kuzzle.Edge.Koncorde;

/// <summary>
/// Filters by value, asked together which of them a document matches, in a time that grows with the matches rather than with the filters. Not thread-safe:
/// the caller serialises.
/// </summary>
/// <typeparam name="T">What a filter stands for; its identity.</typeparam>
public sealed class FilterIndex<T>
    where T : notnull
{
    private readonly ExpressionIndex _expressions = new();
    private readonly Dictionary<T, int> _numbers = [];
    private T[] _values = [];

    /// <summary>How many filters there are.</summary>
    public int Count => _numbers.Count;

    /// <summary>Adds a filter under a value that has none.</summary>
    /// <exception cref="ArgumentException">The value has a filter already.</exception>
    public void Add(KoncordeFilter filter, T value)
    {
        if (_numbers.ContainsKey(value)) throw new ArgumentException($"The value {value} has a filter already.", nameof(value));

        var number = _expressions.Add(filter.Root);
        if (number >= _values.Length) Array.Resize(ref _values, Math.Max(4, 2 * number));
        _values[number] = value;
        _numbers.Add(value, number);
    }

    /// <summary>Removes the filter of a value; false when there is none.</summary>
    public bool Remove(T value)
    {
        if (!_numbers.Remove(value, out var number)) return false;

        _expressions.Remove(number);
        _values[number] = default!;
        return true;
    }

    /// <summary>Appends the values of all filters that match, each once, in no particular order.</summary>
    /// <param name="document">The document's body.</param>
    /// <param name="id">The document's id, when it is known; a member <c>_id</c> of the body then does not count.</param>
    /// <param name="matches">Where the values go; what it holds already stays.</param>
    public void CollectMatches(JsonElement document, string? id, List<T> matches)
    {
        foreach (var number in _expressions.Collect(document, id)) matches.Add(_values[number]);
    }
}
