using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Filters;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>Binds filters to the fields of one index.</summary>
internal sealed class Planner(DocumentFields fields)
{
    /// <summary>What is to be checked of a filter once a part of it is proven.</summary>
    public Candidate PlanRest(Expression root, Expression? proven)
    {
        if (root is Constant || ReferenceEquals(root, proven)) return default;
        if (root is not Conjunction { Operands: var operands }) return new Candidate { Rest = Plan(root) };

        List<Expression> rest = [.. operands.Where(operand => !ReferenceEquals(operand, proven))];
        var ranges = rest.OfType<Literal>().Where(static literal => literal is { Condition: RangeCondition, IsNegated: false }).ToArray();
        var values = rest.OfType<Literal>().Where(static literal => literal is { Condition: EqualsCondition, IsNegated: false }).ToArray();
        var candidate = default(Candidate);
        if (ranges.MinBy(ShareOf) is { Condition: RangeCondition range } first)
        {
            (candidate.RangeField, candidate.Range) = (fields.Find(range.Field), range.Interval);
            rest.Remove(first);
        }

        // Hashes that are equal prove nothing, so the value stays to be compared.
        if (values.MinBy(ShareOf) is { Condition: EqualsCondition equals }) (candidate.ValueField, candidate.ValueHash) = (fields.Find(equals.Field), equals.Value.GetHashCode());

        if (rest.Count > 0) candidate.Rest = PlanAll([.. rest]);
        return candidate;
    }

    private Plan Plan(Expression expression) => expression switch
    {
        Literal literal => PlanLiteral(literal),
        Conjunction { Operands: var operands } => PlanAll(operands),
        Disjunction { Operands: var operands } => new AnyPlan([.. operands.OrderBy(CostOf).Select(Plan)]),
        _ => throw new InvalidOperationException("A constant stands below the root of a filter."),
    };

    /// <summary>What is cheap and seldom holds comes first.</summary>
    private Plan PlanAll(Expression[] operands)
    {
        if (operands is [var single]) return Plan(single);

        return new AllPlan([.. operands.OrderBy(operand => CostOf(operand) / (1.01 - ShareOf(operand))).Select(Plan)]);
    }

    private Plan PlanLiteral(Literal literal)
    {
        var field = fields.Find(literal.Condition.Field);
        return literal.Condition switch
        {
            RegexpCondition { Regexp: var regexp } => new RegexpPlan(fields.IndexOf(literal.Condition.Field), regexp, literal.IsNegated),
            SelectCondition select => new SelectPlan(field, select, literal.IsNegated),
            PlainCondition condition => new ConditionPlan(field, condition, literal.IsNegated),
            var condition => throw new InvalidOperationException($"No plan for {condition.GetType()}."),
        };
    }

    private double ShareOf(Expression operand) =>
        operand is Literal literal ? Math.Min(fields.Find(literal.Condition.Field).Statistics.ShareOf(literal), 1) : 0.5;

    private static double CostOf(Expression expression) => expression switch
    {
        Literal { Condition: RegexpCondition } => 10,
        Literal { Condition: SelectCondition } => 20,
        Literal { Condition: GeoCondition or MatchCondition } => 4,
        Literal { Condition: MemberCondition } => 2,
        Literal => 1,
        Conjunction { Operands: var operands } => operands.Sum(CostOf),
        Disjunction { Operands: var operands } => operands.Sum(CostOf),
        _ => 0,
    };
}
