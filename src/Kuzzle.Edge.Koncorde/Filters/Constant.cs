namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>The empty filter and the filter that never matches. Only ever a whole filter.</summary>
internal sealed class Constant : Expression
{
    public static readonly Constant Everything = new();

    public static readonly Constant Nothing = new();

    private Constant()
    {
    }
}
