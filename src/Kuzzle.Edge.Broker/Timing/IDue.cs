namespace Kuzzle.Edge.Broker.Timing;

/// <summary>Something that wants to be looked at when its time has come.</summary>
internal interface IDue
{
    /// <summary>Called when due, on a timer's thread.</summary>
    /// <returns>When to look again, or <see cref="BrokerClock.Never"/>.</returns>
    long OnDue(long now);
}
