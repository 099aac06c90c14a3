using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kuzzle.Edge.Systemd;

/// <summary>
/// Tells systemd how the service is doing: datagrams to the socket it names, as sd_notify(3) says. Where there is no service manager, nothing is sent. A datagram
/// that cannot be delivered is dropped: the manager is not there any more, and the gateway works without it.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;

    private ServiceManager(UnixDomainSocketEndPoint? address, TimeSpan? watchdogInterval)
    {
        _address = address;
        _socket = address is null ? null : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = 1000 };
        WatchdogInterval = address is null ? null : watchdogInterval;
    }

    /// <summary>Whether somebody supervises this process, and would start it again if it ended.</summary>
    public bool IsPresent => _socket is not null;

    /// <summary>How often a sign of life is wanted at the least (WatchdogSec=); null when nobody waits for one.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>The manager that started this process, by the variables it has set.</summary>
    public static ServiceManager Of(IReadOnlyDictionary<string, string> environment)
    {
        var address = environment.GetValueOrDefault("NOTIFY_SOCKET") switch
        {
            { Length: > 1 } path when path[0] == '@' => new UnixDomainSocketEndPoint($"\0{path[1..]}"), // the abstract namespace
            { Length: > 1 } path when path[0] == '/' => new UnixDomainSocketEndPoint(path),
            _ => null, // none, or AF_VSOCK of a virtual machine's own manager, which starts no services like this one
        };
        return new ServiceManager(address, WatchdogIntervalOf(environment));
    }

    /// <summary>The gateway serves.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>The gateway reads its configuration anew; <see cref="Ready"/> follows.</summary>
    /// <param name="monotonicMicroseconds">CLOCK_MONOTONIC, by which the manager knows that this answers its own request.</param>
    public void Reloading(long monotonicMicroseconds) => Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={monotonicMicroseconds}"));

    /// <summary>The gateway has begun to stop.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=Stopping");

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>A sign of life.</summary>
    public void KeepAlive() => Send("WATCHDOG=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private static TimeSpan? WatchdogIntervalOf(IReadOnlyDictionary<string, string> environment)
    {
        var isForUs = !environment.TryGetValue("WATCHDOG_PID", out var pid) || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isForUs
            && environment.TryGetValue("WATCHDOG_USEC", out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string state)
    {
        if (_socket is null || _address is null) return;

        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _address);
        }
        catch (SocketException)
        {
            // Nobody listens there; see the summary.
        }
    }
}
