using System.Net;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>What a box is told that does not get its address from the network.</summary>
/// <param name="Address">With the length of the prefix: <c>192.168.1.10/24</c>.</param>
/// <param name="Gateway">The way out, or null.</param>
/// <param name="NameServers">Who is asked for names.</param>
internal sealed record FixedAddress(IPNetworkAddress Address, IPAddress? Gateway, IReadOnlyList<IPAddress> NameServers);
