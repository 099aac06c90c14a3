namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>Every part holds.</summary>
internal sealed class AllPlan(Plan[] parts) : Plan
{
    public override bool Holds()
    {
        foreach (var part in parts)
        {
            if (!part.Holds()) return false;
        }

        return true;
    }

    public override void Release()
    {
        foreach (var part in parts) part.Release();
    }
}
