namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>The cases of a <see cref="SubscribeDecision"/>.</summary>
internal enum SubscribeDecisionKind : byte
{
    NoOpinion,
    Allow,
    Refuse,
    Disconnect,
}
