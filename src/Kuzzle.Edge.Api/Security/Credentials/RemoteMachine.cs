using System.Net;
using System.Net.Sockets;

namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>What stands for the machine at the other end of a connection where attempts are counted.</summary>
public static class RemoteMachine
{
    /// <summary>An IPv4 address, or the 64 bits of an IPv6 address that its owner cannot choose; null for what is no IP address.</summary>
    public static string? KeyOf(string? remoteAddress)
    {
        if (!IPAddress.TryParse(remoteAddress, out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();

        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return Convert.ToHexString(bytes[..8]);
    }
}
