namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>True when every operand is; two operands at least.</summary>
internal sealed class Conjunction(Expression[] operands) : Expression
{
    public Expression[] Operands => operands;
}
