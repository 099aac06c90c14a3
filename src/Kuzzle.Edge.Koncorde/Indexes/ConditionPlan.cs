using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Documents;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>A condition on a field, or its complement.</summary>
internal sealed class ConditionPlan(DocumentField field, PlainCondition condition, bool isNegated) : Plan
{
    public override bool Holds() => condition.Holds(field) != isNegated;
}
