namespace Kuzzle.Edge.Sync.Draining;

/// <summary>What one push achieved.</summary>
internal readonly record struct DrainResult(int Delivered, int Parked)
{
    public static DrainResult Nothing => default;

    public bool IsNothing => Delivered == 0 && Parked == 0;

    public static DrainResult operator +(DrainResult left, DrainResult right) => new(left.Delivered + right.Delivered, left.Parked + right.Parked);
}
