using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>An address within a network: <c>192.168.1.10/24</c>.</summary>
internal sealed record IPNetworkAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>What the text says, or null.</summary>
    public static IPNetworkAddress? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length >= 1
            && length <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
                ? new IPNetworkAddress(address, length)
                : null;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Address}/{PrefixLength}");
}
