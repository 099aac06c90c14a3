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

        if (filter is Disjunction { Operands: var choices } && Array.TrueForAll(choices, IsLiteral)) return Join("or", choices.Select(Nested));
        if (filter is Conjunction { Operands: var demands } && Array.TrueForAll(demands, IsLiteral) && !MayContradict(demands)) return Join("and", demands.Select(Nested));

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

    private static bool IsLiteral(Expression expression) => expression is Literal;

    /// <summary>Whether literals of both signs stand together: then some may be each other's complement.</summary>
    private static bool MayContradict(Expression[] literals) =>
        Array.Exists(literals, static literal => ((Literal)literal).IsNegated) && Array.Exists(literals, static literal => !((Literal)literal).IsNegated);

    private static string Nested(Expression expression) => expression switch
    {
        Literal literal => TextOf(literal),
        Conjunction { Operands: var operands } => Join("and", operands.Select(Nested)),
        Disjunction { Operands: var operands } => Join("or", operands.Select(Nested)),
        _ => throw new InvalidOperationException("A constant stands below the root of a filter."),
    };

    private static string Join(string keyword, IEnumerable<string> operands)
    {
        string[] sorted = [.. operands];
        Array.Sort(sorted, StringComparer.Ordinal);
        if (HasTwins(sorted)) sorted = [.. sorted.Distinct(StringComparer.Ordinal)];
        return sorted switch
        {
            [] => Nothing,
            [var single] => single,
            _ => $"{{\"{keyword}\":[{string.Join(',', sorted)}]}}",
        };
    }

    private static bool HasTwins(string[] sorted)
    {
        for (var i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i], sorted[i - 1], StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
