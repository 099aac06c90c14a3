namespace Kuzzle.Edge.Listeners;

/// <summary>The bounds of a listener.</summary>
public sealed record TcpListenerOptions
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

    /// <summary>
    /// Connections that begin in a second, and as many at once after a pause; more wait. So a power cut that makes all devices come back together leaves time for
    /// those that are there. 1 to 1,000,000, default 50,000: more than a board can serve, so a limit only where somebody sets one.
    /// </summary>
    public int MaxConnectionsPerSecond
    {
        get;
        init => field = value is >= 1 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000000");
    } = 50_000;

    /// <summary>Who may connect to a Unix domain socket: those who may write to its file. Default: its owner and group.</summary>
    public UnixFileMode SocketMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
}
