namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>How a bridge introduces itself to the other broker: not every broker takes all of it, and few say what they did not like.</summary>
/// <param name="IsMarked">3.1.1: as a bridge, by the highest bit of the protocol level. Who knows the mark sends a bridge none of its own messages back.</param>
/// <param name="TellsState">With its state as a retained message, and a will that takes it back.</param>
internal sealed record BridgeManner(bool IsMarked, bool TellsState)
{
    /// <summary>Those to try, one after the other.</summary>
    public static IReadOnlyList<BridgeManner> For(bool mayBeMarked, bool tellsState) =>
    [
        .. mayBeMarked ? [new BridgeManner(IsMarked: true, tellsState)] : (BridgeManner[])[],
        new BridgeManner(IsMarked: false, tellsState),
        .. tellsState ? [new BridgeManner(IsMarked: false, TellsState: false)] : (BridgeManner[])[],
    ];
}
