using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>How the device endpoint behaves.</summary>
public sealed record DrogueOptions
{
    /// <summary>What an MQTT 3.1.1 client sees whose QoS 1 or 2 message is rejected: that version has no word for it.</summary>
    public RejectionV311 RejectV311 { get; init; } = RejectionV311.Close;

    /// <summary>The largest packet in bytes. 128 to 268,435,460.</summary>
    public int MaxPacketBytes
    {
        get;
        init => field = value is >= 128 and <= 268_435_460 ? value : throw OutOfRange(value, "128 to 268435460");
    } = 16 * 1024;

    /// <summary>How long a connection may take to send its CONNECT. 100 ms to 10 min.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(100) && value <= TimeSpan.FromMinutes(10) ? value : throw OutOfRange(value, "100 ms to 10 min");
    } = TimeSpan.FromSeconds(15);

    /// <summary>How many commands one subscription may have on their way; whoever sends more waits. 1 to 10,000.</summary>
    public int CommandBuffer
    {
        get;
        init => field = value is >= 1 and <= 10_000 ? value : throw OutOfRange(value, "1 to 10000");
    } = 32;

    private static ArgumentOutOfRangeException OutOfRange(object value, string range, [CallerMemberName] string name = "") => new(name, value, range);
}
