namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>The cases of a <see cref="PublishDecision"/>.</summary>
internal enum PublishDecisionKind : byte
{
    NoOpinion,
    Allow,
    AllowReserved,
    Drop,
    Refuse,
}
