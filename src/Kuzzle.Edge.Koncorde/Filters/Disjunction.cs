namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>True when one operand is; two operands at least.</summary>
internal sealed class Disjunction(Expression[] operands) : Expression
{
    public Expression[] Operands => operands;
}
