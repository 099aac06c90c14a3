using System.Runtime.CompilerServices;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>How the device endpoint behaves.</summary>
public sealed record DrogueOptions
{
    /// <summary>What an MQTT 3.1.1 client sees whose QoS 1 or 2 message is rejected: that version has no word for it.</summary>
    public RejectionV311 RejectV311 { get; init; } = RejectionV311.Close;

    /// <summary>The bounds of packets and of the time for CONNECT.</summary>
    public DialectLimits Limits { get; init; } = new();

    /// <summary>How many commands one subscription may have on their way; whoever sends more waits. 1 to 10,000.</summary>
    public int CommandBuffer
    {
        get;
        init => field = value is >= 1 and <= 10_000 ? value : throw OutOfRange(value, "1 to 10000");
    } = 32;

    private static ArgumentOutOfRangeException OutOfRange(object value, string range, [CallerMemberName] string name = "") => new(name, value, range);
}
