namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>
/// Bounds what failing handlers write: a client that makes one fail with each of its messages must not fill the disk with lines. One per handler, stage and second.
/// </summary>
internal sealed class FaultLines(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(IBrokerHandler, HandlerStages), (long At, int Unwritten)> _last = []; // As many as there are handlers and stages.

    /// <summary>Whether a line may be written now.</summary>
    /// <param name="handler">Who failed.</param>
    /// <param name="stage">At what.</param>
    /// <param name="unwritten">How many lines were left out since the last.</param>
    public bool MayWrite(IBrokerHandler handler, HandlerStages stage, out int unwritten)
    {
        lock (_gate)
        {
            unwritten = 0;
            var now = clock.GetTimestamp();
            if (_last.TryGetValue((handler, stage), out var last))
            {
                unwritten = last.Unwritten;
                if (clock.GetElapsedTime(last.At, now) < Pause)
                {
                    _last[(handler, stage)] = last with { Unwritten = last.Unwritten + 1 };
                    return false;
                }
            }

            _last[(handler, stage)] = (now, 0);
            return true;
        }
    }
}
