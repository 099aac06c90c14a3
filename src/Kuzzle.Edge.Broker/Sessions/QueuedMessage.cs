using System.Runtime.InteropServices;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Subscriptions;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>One copy of a message for one client, as it will be sent.</summary>
/// <param name="Publication">The message, with bytes of its own.</param>
/// <param name="Identifiers">The subscription identifiers that go with it.</param>
/// <param name="Group">The shared subscription that chose this client, or null.</param>
/// <param name="Qos">The quality of service of this copy.</param>
/// <param name="Retain">The RETAIN flag of this copy.</param>
/// <param name="IsReplay">Whether it is a retained message sent because of a subscription: the store bounds those, not the queue.</param>
/// <param name="Journaled">What the journal knows of it; null when it ends with the process.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QueuedMessage(Publication Publication, int[] Identifiers, SharedGroup? Group, byte Qos, bool Retain, bool IsReplay, JournaledDelivery? Journaled = null)
{
    /// <summary>Whether an earlier process may have sent it already.</summary>
    public bool MayBeRepeated { get; init; }
}
