using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kuzzle.Edge.Systemd;

/// <summary>
/// Sockets that the service manager has opened and hands over, as sd_listen_fds(3) says: clients that come while the gateway is started anew or replaced by a newer version wait in their
/// queues instead of being refused. Each is for the listener of its address.
/// </summary>
internal sealed class InheritedSockets : IDisposable
{
    /// <summary>Where they begin: 0, 1 and 2 are the standard streams.</summary>
    private const int FirstDescriptor = 3;

    /// <summary>More than there can be listeners; a greater number is a mistake.</summary>
    private const int MaxSockets = 64;

    private readonly List<Socket> _sockets;

    private InheritedSockets(List<Socket> sockets) => _sockets = sockets;

    /// <summary>Where those listen that nobody has taken.</summary>
    public IReadOnlyList<EndPoint> Left => [.. _sockets.Select(socket => socket.LocalEndPoint!)];

    /// <summary>What the variables say was handed to this process.</summary>
    public static InheritedSockets Of(IReadOnlyDictionary<string, string> environment)
    {
        var sockets = new List<Socket>();
        if (environment.GetValueOrDefault("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            && int.TryParse(environment.GetValueOrDefault("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= MaxSockets)
        {
            for (var descriptor = FirstDescriptor; descriptor < FirstDescriptor + count; descriptor++)
            {
                if (Adopt(descriptor) is { } socket) sockets.Add(socket);
            }
        }

        return new InheritedSockets(sockets);
    }

    /// <summary>The one that listens there, or null. It belongs to the caller then.</summary>
    public Socket? Take(EndPoint endPoint)
    {
        var at = _sockets.FindIndex(socket => IsAt(socket.LocalEndPoint!, endPoint));
        if (at < 0) return null;

        var found = _sockets[at];
        _sockets.RemoveAt(at);
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
        _sockets.Clear();
    }

    /// <summary>The socket of a descriptor; null for anything that does not listen for streams, which is nothing of ours.</summary>
    private static Socket? Adopt(int descriptor)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            var socket = new Socket(handle);
            if (socket.SocketType == SocketType.Stream && socket.LocalEndPoint is not null && socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is 1) return socket;
            socket.Dispose();
        }
        catch (SocketException)
        {
            handle.Dispose();
        }

        return null;
    }

    /// <summary>systemd opens a port alone as [::], which takes IPv4 as well; so any address is any address.</summary>
    private static bool IsAt(EndPoint inherited, EndPoint wanted) => (inherited, wanted) switch
    {
        (IPEndPoint here, IPEndPoint there) => here.Port == there.Port && (here.Address.Equals(there.Address) || (IsAny(here.Address) && IsAny(there.Address))),
        (UnixDomainSocketEndPoint here, UnixDomainSocketEndPoint there) => here.ToString() == there.ToString(),
        _ => false,
    };

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
