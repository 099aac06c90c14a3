using Kuzzle.Edge.Koncorde.Conditions;

namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>One condition, or its complement.</summary>
internal sealed class Literal(Condition condition, bool isNegated) : Expression
{
    public Condition Condition => condition;

    public bool IsNegated => isNegated;
}
