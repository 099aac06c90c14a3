using System.Runtime.InteropServices;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>How a PUBLISH came, which its acknowledgement goes by, whatever becomes of its message.</summary>
/// <param name="Qos">The quality of service of the packet.</param>
/// <param name="Identifier">Its identifier, or 0.</param>
/// <param name="Expiry">How long the message is wanted, in seconds, or null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Arrival(QualityOfService Qos, ushort Identifier, uint? Expiry);
