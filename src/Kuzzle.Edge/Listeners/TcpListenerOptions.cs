namespace Kuzzle.Edge.Listeners;

/// <summary>The bounds of a TCP listener.</summary>
internal sealed record TcpListenerOptions
{
    /// <summary>
    /// Connections at a time; one more is closed as soon as it is accepted. Fewer where the process may not open so many files. 1 to 1,000,000,
    /// default 20,000.
    /// </summary>
    public int MaxConnections
    {
        get;
        init => field = value is >= 1 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000000");
    } = 20_000;

    /// <summary>Connections that the kernel keeps until they are accepted; it applies its own bound, too. 1 to 65,535, default 4,096.</summary>
    public int Backlog
    {
        get;
        init => field = value is >= 1 and <= 65_535 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65535");
    } = 4096;

    /// <summary>
    /// After this much silence the kernel asks whether the peer is still there, so that a client without keep-alive of its own does not stay for ever
    /// after its power was cut. Whole seconds from 1 s to 9 h, default 5 minutes.
    /// </summary>
    public TimeSpan TcpKeepAlive
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(9)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 9 h");
    } = TimeSpan.FromMinutes(5);
}
