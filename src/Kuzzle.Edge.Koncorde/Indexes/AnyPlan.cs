namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>One part holds.</summary>
internal sealed class AnyPlan(Plan[] parts) : Plan
{
    public override bool Holds()
    {
        foreach (var part in parts)
        {
            if (part.Holds()) return true;
        }

        return false;
    }

    public override void Release()
    {
        foreach (var part in parts) part.Release();
    }
}
