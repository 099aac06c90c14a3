namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>One filter of an UNSUBSCRIBE.</summary>
/// <param name="Filter">The filter as it was sent.</param>
/// <param name="Refusal"><see cref="ReasonCode.Success"/>, or why no subscription of this filter can exist.</param>
public readonly record struct UnsubscribeRequest(string Filter, ReasonCode Refusal = ReasonCode.Success);
