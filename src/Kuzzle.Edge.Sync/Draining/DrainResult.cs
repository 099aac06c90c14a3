namespace Kuzzle.Edge.Sync.Draining;

/// <summary>What one push achieved.</summary>
/// <param name="Delivered">Acknowledged by the upstream.</param>
/// <param name="Parked">Refused for good.</param>
/// <param name="Other">Put off, or found to be nothing for the upstream.</param>
internal readonly record struct DrainResult(int Delivered, int Parked, int Other)
{
    public static DrainResult Nothing => default;

    public bool IsNothing => this == Nothing;

    public static DrainResult operator +(DrainResult left, DrainResult right) =>
        new(left.Delivered + right.Delivered, left.Parked + right.Parked, left.Other + right.Other);
}
