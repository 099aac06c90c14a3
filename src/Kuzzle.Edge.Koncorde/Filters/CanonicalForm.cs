using System.Text;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>
/// The text that equivalent filters share: an OR of ANDs without duplicates, contradictions and absorbed terms, sorted. Where that would be large
/// (distributing is exponential in general) it is the filter's own nesting, sorted and without duplicates.
/// </summary>
internal static class CanonicalForm
{
    private const string Nothing = "{\"nothing\":true}";

    public static string Of(Expression filter)
    {
        if (ReferenceEquals(filter, Constant.Everything)) return "{}";
        if (ReferenceEquals(filter, Constant.Nothing)) return Nothing;
        if (filter is Literal literal) return TextOf(literal);

        var distribution = new Distribution();
        return distribution.Of(filter) is { } terms ? Join("or", terms.Select(term => Join("and", term.Select(distribution.TextOf)))) : Nested(filter);
    }

    /// <summary>The text of one literal.</summary>
    public static string TextOf(Literal literal)
    {
        var text = new StringBuilder();
        if (literal.IsNegated) text.Append("{\"not\":");
        literal.Condition.AppendTo(text);
        if (literal.IsNegated) text.Append('}');
        return text.ToString();
    }

    private static string Nested(Expression expression) => expression switch
    {
        Literal literal => TextOf(literal),
        Conjunction { Operands: var operands } => Join("and", operands.Select(Nested)),
        Disjunction { Operands: var operands } => Join("or", operands.Select(Nested)),
        _ => throw new InvalidOperationException("A constant stands below the root of a filter."),
    };

    private static string Join(string keyword, IEnumerable<string> operands)
    {
        string[] sorted = [.. operands.Distinct(StringComparer.Ordinal)];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted switch
        {
            [] => Nothing,
            [var single] => single,
            _ => $"{{\"{keyword}\":[{string.Join(',', sorted)}]}}",
        };
    }
}
