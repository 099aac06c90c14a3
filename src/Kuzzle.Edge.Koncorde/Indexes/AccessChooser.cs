using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Filters;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>Chooses the literals under which a filter is entered: one of them at least is true whenever the filter is.</summary>
internal sealed class AccessChooser(DocumentFields fields)
{
    /// <summary>The literals, none when every document must be asked; and which part of the filter is proven when one of them is true, if any.</summary>
    public (Literal[] Accesses, Expression? Proven) Choose(Expression root)
    {
        List<Literal> accesses = [];
        if (double.IsInfinity(Collect(root, accesses, out var proven))) return ([], null);

        return ([.. accesses], proven);
    }

    /// <summary>Adds the literals for an expression and answers which share of documents will fulfil one of them; infinite when there are none.</summary>
    private double Collect(Expression expression, List<Literal> accesses, out Expression? proven)
    {
        switch (expression)
        {
            case Literal literal:
                accesses.Add(literal);
                proven = FieldIndex.IsProof(literal) ? literal : null;
                return fields.Find(literal.Condition.Field).Statistics.ShareOf(literal);
            case Conjunction { Operands: var operands }:
                return CollectRarest(operands, accesses, out proven);
            case Disjunction { Operands: var operands }:
                proven = expression;
                var sum = 0.0;
                foreach (var operand in operands)
                {
                    sum += Collect(operand, accesses, out var part);
                    if (!ReferenceEquals(part, operand)) proven = null;
                }

                return sum;
            default:
                proven = expression;
                return double.PositiveInfinity;
        }
    }

    private double CollectRarest(Expression[] operands, List<Literal> accesses, out Expression? proven)
    {
        proven = null;
        var least = double.PositiveInfinity;
        List<Literal> best = [];
        foreach (var operand in operands)
        {
            List<Literal> own = [];
            var share = Collect(operand, own, out var part);
            if (share >= least) continue;

            (least, best) = (share, own);
            proven = ReferenceEquals(part, operand) ? part : null;
        }

        accesses.AddRange(best);
        return least;
    }
}
