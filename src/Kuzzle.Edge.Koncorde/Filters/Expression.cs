namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>
/// A filter in negation normal form: conjunctions and disjunctions over literals, "not" only at the leaves. Immutable. Operands of one kind
/// are never nested in their own kind, and constants never stand below the root.
/// </summary>
internal abstract class Expression
{
    public static Expression All(IEnumerable<Expression> operands) => Combine(operands, isConjunction: true);

    public static Expression Any(IEnumerable<Expression> operands) => Combine(operands, isConjunction: false);

    private static Expression Combine(IEnumerable<Expression> operands, bool isConjunction)
    {
        var absorbing = isConjunction ? Constant.Nothing : Constant.Everything;
        var neutral = isConjunction ? Constant.Everything : Constant.Nothing;
        List<Expression> kept = [];
        foreach (var operand in operands)
        {
            if (ReferenceEquals(operand, absorbing)) return absorbing;
            if (ReferenceEquals(operand, neutral)) continue;

            if (isConjunction && operand is Conjunction { Operands: var all }) kept.AddRange(all);
            else if (!isConjunction && operand is Disjunction { Operands: var any }) kept.AddRange(any);
            else kept.Add(operand);
        }

        return kept switch
        {
            [] => neutral,
            [var single] => single,
            _ => isConjunction ? new Conjunction([.. kept]) : new Disjunction([.. kept]),
        };
    }
}
