using System.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>
/// The text that equivalent filters share. An OR of ANDs, free of duplicates, contradictions and absorbed terms, and sorted, as long as that
/// has at most <see cref="MaxTerms"/> terms; otherwise the filter's own nesting, sorted and free of duplicates. The bound keeps the work small
/// whatever the shape of the filter: distributing is exponential in general.
/// </summary>
internal static class CanonicalForm
{
    private const int MaxTerms = 128;

    public static string Of(Expression filter)
    {
        if (ReferenceEquals(filter, Constant.Everything)) return "{}";
        if (ReferenceEquals(filter, Constant.Nothing)) return "{\"nothing\":true}";

        return Nested(filter);
    }

    /// <summary>The expression in its own nesting.</summary>
    private static string Nested(Expression expression) => expression switch
    {
        Literal literal => TextOf(literal),
        Conjunction { Operands: var operands } => Join("and", operands.Select(Nested)),
        Disjunction { Operands: var operands } => Join("or", operands.Select(Nested)),
        _ => throw new InvalidOperationException("A constant stands below the root of a filter."),
    };

    private static string Join(string keyword, IEnumerable<string> operands)
    {
        var sorted = new SortedSet<string>(operands, StringComparer.Ordinal);
        return sorted.Count == 1 ? sorted.Min! : $"{{\"{keyword}\":[{string.Join(',', sorted)}]}}";
    }

    private static string TextOf(Literal literal)
    {
        var text = new StringBuilder();
        if (literal.IsNegated) text.Append("{\"not\":");
        literal.Condition.AppendTo(text);
        if (literal.IsNegated) text.Append('}');
        return text.ToString();
    }
}
