using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>What became of one filter of a SUBSCRIBE.</summary>
/// <param name="Filter">The filter that is subscribed to now, or was refused.</param>
/// <param name="Code">The granted quality of service (0 to 2), or why it was refused (0x80 and above).</param>
public sealed record SubscriptionOutcome(string Filter, ReasonCode Code)
{
    /// <summary>Whether it was granted.</summary>
    public bool IsGranted => Code < ReasonCode.UnspecifiedError;
}
