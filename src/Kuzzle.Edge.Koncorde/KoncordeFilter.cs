using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Filters;

namespace Kuzzle.Edge.Koncorde;

/// <summary>A realtime filter, parsed and normalised. Immutable; keeps nothing of the JSON it came from.</summary>
public sealed class KoncordeFilter
{
    /// <summary>How many conditions a filter may have when the limit given is zero or less, which cannot be meant.</summary>
    public const int DefaultMaxConditions = 50;

    private KoncordeFilter(Expression root)
    {
        Root = root;
        CanonicalText = CanonicalForm.Of(root);
    }

    /// <summary>
    /// The filter in a normal form, as text: filters that are equivalent by the laws of and, or and not, or by two spellings of one clause,
    /// have the same. It is itself a filter.
    /// </summary>
    public string CanonicalText { get; }

    internal Expression Root { get; }

    /// <summary>Parses a filter.</summary>
    /// <param name="filter">The filter: an object with one keyword, or an empty object, which matches everything.</param>
    /// <param name="maxConditions">How many conditions it may have after <c>in</c>, <c>ids</c> and <c>bool</c> are unfolded.</param>
    /// <param name="parsed">The filter, when the answer is true.</param>
    /// <param name="refusal">Why there is none, when the answer is false: the path of the clause and the reason, in Kuzzle's words.</param>
    public static bool TryParse(JsonElement filter, int maxConditions, [NotNullWhen(true)] out KoncordeFilter? parsed, [NotNullWhen(false)] out string? refusal)
    {
        var parser = new FilterParser(maxConditions > 0 ? maxConditions : DefaultMaxConditions);
        var root = parser.Parse(filter);
        parsed = root is null ? null : new KoncordeFilter(root);
        refusal = parser.Refusal;
        return parsed is not null;
    }
}
