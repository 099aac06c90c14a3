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
        Prepare(filter.Root);
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
            if (Holds(filter)) matches.Add(value);
        }
    }

    private void Prepare(Expression filter)
    {
        switch (filter)
        {
            case Literal literal: _fields.Find(literal.Condition.Field); break;
            case Conjunction { Operands: var operands }: Array.ForEach(operands, Prepare); break;
            case Disjunction { Operands: var operands }: Array.ForEach(operands, Prepare); break;
            default: break;
        }
    }

    private bool Holds(Expression filter) => filter switch
    {
        Literal literal => literal.Condition.Holds(_fields.Find(literal.Condition.Field)) != literal.IsNegated,
        Conjunction { Operands: var operands } => Array.TrueForAll(operands, Holds),
        Disjunction { Operands: var operands } => Array.Exists(operands, Holds),
        _ => ReferenceEquals(filter, Constant.Everything),
    };
}
