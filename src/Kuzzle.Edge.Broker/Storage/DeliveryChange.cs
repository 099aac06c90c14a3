using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Storage;

/// <summary>How far one client's copy of a message has come.</summary>
/// <param name="Delivery">The copy.</param>
/// <param name="IsNew">Whether it is not stored yet. Never true together with <see cref="DeliveryState.Done"/>.</param>
/// <param name="State">How far it has come.</param>
/// <param name="PacketIdentifier">The packet identifier it is sent with; 0 while queued.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DeliveryChange(StoredDelivery Delivery, bool IsNew, DeliveryState State, ushort PacketIdentifier);
