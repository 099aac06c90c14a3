using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>The bounds of a dialect's clients, where they are others than the broker's. MQTT 5 clients may use no topic alias.</summary>
public sealed record DialectLimits
{
    /// <summary>The largest packet in bytes, CONNECT included; a larger one ends its connection, in MQTT 5 with 0x95. 128 to 268,435,460.</summary>
    public int MaxPacketBytes
    {
        get;
        init => field = value is >= 128 and <= 268_435_460 ? value : throw OutOfRange(value, "128 to 268435460");
    } = 16 * 1024;

    /// <summary>How long a connection may take to send its whole CONNECT. 100 ms to 10 min.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(100) && value <= TimeSpan.FromMinutes(10) ? value : throw OutOfRange(value, "100 ms to 10 min");
    } = TimeSpan.FromSeconds(15);

    private static ArgumentOutOfRangeException OutOfRange(object value, string range, [CallerMemberName] string name = "") => new(name, value, range);
}
