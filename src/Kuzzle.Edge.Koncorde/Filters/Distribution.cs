namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>
/// Turns a filter into an OR of ANDs. A term is an ascending list of literals; a literal is twice the number of its condition, and one more when it is
/// negated.
/// </summary>
internal sealed class Distribution
{
    // A filter of a hundred conditions cannot spell out more than fifty terms of two, so whoever writes the distributed form by hand stays below.
    private const int MaxTerms = 64;

    // Of a product before absorption, which compares each term with each.
    private const int MaxProduct = 512;

    private readonly Dictionary<string, int> _literals = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    public string TextOf(int literal) => _texts[literal];

    /// <summary>The terms, none of which holds another; null when there are too many.</summary>
    public List<int[]>? Of(Expression filter) => filter switch
    {
        Literal literal => [[NumberOf(literal)]],
        Disjunction { Operands: var operands } => Add(operands),
        Conjunction { Operands: var operands } => Multiply(operands),
        _ => throw new InvalidOperationException("A constant stands below the root of a filter."),
    };

    private List<int[]>? Add(Expression[] operands)
    {
        List<int[]> sum = [];
        foreach (var operand in operands)
        {
            if (Of(operand) is not { } terms) return null;

            sum.AddRange(terms);
        }

        return Absorb(sum);
    }

    private List<int[]>? Multiply(Expression[] operands)
    {
        List<int[]> product = [[]];
        foreach (var operand in operands)
        {
            if (Of(operand) is not { } terms || product.Count * terms.Count > MaxProduct) return null;

            var next = new List<int[]>(product.Count * terms.Count);
            foreach (var left in product)
            {
                foreach (var right in terms)
                {
                    if (TryMerge(left, right, out var merged)) next.Add(merged);
                }
            }

            if (Absorb(next) is not { } absorbed) return null;

            product = absorbed;
        }

        return product;
    }

    /// <summary>Both terms at once; false when they contradict each other.</summary>
    private static bool TryMerge(int[] left, int[] right, out int[] merged)
    {
        var both = new List<int>(left.Length + right.Length);
        int i = 0, j = 0;
        while (i < left.Length || j < right.Length)
        {
            var next = j == right.Length || (i < left.Length && left[i] <= right[j]) ? left[i++] : right[j++];
            if (both.Count > 0 && both[^1] == next) continue;

            both.Add(next);
            if (both.Count > 1 && both[^2] == (next ^ 1))
            {
                merged = [];
                return false;
            }
        }

        merged = [.. both];
        return true;
    }

    /// <summary>Leaves out terms that hold another, for the shorter one covers them. Null when too many are left.</summary>
    private static List<int[]>? Absorb(List<int[]> terms)
    {
        terms.Sort(static (left, right) => left.Length.CompareTo(right.Length));
        var kept = new List<(int[] Term, ulong Signature)>();
        foreach (var term in terms)
        {
            var signature = SignatureOf(term);
            var isCovered = false;
            foreach (var (shorter, least) in kept)
            {
                isCovered = (least & ~signature) == 0 && IsSubset(shorter, term);
                if (isCovered) break;
            }

            if (!isCovered) kept.Add((term, signature));
        }

        // A flat list of literals needs no bound: it was written out.
        return kept.Count <= MaxTerms || kept.TrueForAll(static entry => entry.Term.Length == 1) ? kept.ConvertAll(static entry => entry.Term) : null;
    }

    private static bool IsSubset(int[] part, int[] whole)
    {
        var at = 0;
        foreach (var literal in part)
        {
            while (at < whole.Length && whole[at] < literal) at++;
            if (at == whole.Length || whole[at] != literal) return false;
        }

        return true;
    }

    private static ulong SignatureOf(int[] term)
    {
        var signature = 0UL;
        foreach (var literal in term) signature |= 1UL << (literal & 63);
        return signature;
    }

    private int NumberOf(Literal literal)
    {
        var text = CanonicalForm.TextOf(new Literal(literal.Condition, isNegated: false));
        if (!_literals.TryGetValue(text, out var number))
        {
            number = _texts.Count;
            _literals.Add(text, number);
            _texts.AddRange([text, CanonicalForm.TextOf(new Literal(literal.Condition, isNegated: true))]);
        }

        return literal.IsNegated ? number + 1 : number;
    }
}
