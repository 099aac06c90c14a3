using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>What a SUBSCRIBE says about a filter.</summary>
/// <param name="Identifier">The subscription identifier, or 0.</param>
/// <param name="Qos">The highest quality of service the client wants.</param>
/// <param name="NoLocal">Whether its own messages are kept from it.</param>
/// <param name="RetainAsPublished">Whether messages keep the RETAIN flag they were published with.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SubscriptionOptions(int Identifier, byte Qos, bool NoLocal, bool RetainAsPublished);
