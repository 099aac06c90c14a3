using Kuzzle.Edge.Broker.Connections;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>A connection that waits for the session of its client identifier.</summary>
internal sealed class SessionClaim(ClientConnection claimant)
{
    private readonly TaskCompletionSource<ClaimOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClientConnection Claimant { get; } = claimant;

    public Task<ClaimOutcome> Outcome => _outcome.Task;

    public void Settle(ClaimOutcome outcome) => _outcome.TrySetResult(outcome);
}
