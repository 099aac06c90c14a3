using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Delivery;

/// <summary>The alias with which a message is sent to a client.</summary>
/// <param name="Alias">The alias, or 0 for none.</param>
/// <param name="IsNew">Whether the client does not know it yet: the topic goes with it. Else the alias stands for the topic.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TopicAliasUse(ushort Alias, bool IsNew);
