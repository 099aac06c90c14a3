using Kuzzle.Edge.Broker.Subscriptions;

namespace Kuzzle.Edge.Benchmarks.Broker.Subscriptions;

/// <summary>Somebody who subscribed.</summary>
internal sealed class Anybody : TreeMember;
