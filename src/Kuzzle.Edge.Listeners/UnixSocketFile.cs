using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Listeners;

/// <summary>The file by which a Unix domain socket is found.</summary>
internal static class UnixSocketFile
{
    private const int AtCurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint AskForType = 1;
    private const int ModeAt = 28; // The kernel's struct statx, the same on every processor: stx_mode is the u16 here.
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;

    /// <summary>
    /// Makes the file and listens. One that a process left behind when it was killed is replaced; one that somebody answers on, or that is no socket, is not. Nobody can
    /// connect before the file has its mode: until it listens, a socket refuses.
    /// </summary>
    /// <returns>The socket, which removes its file when it is disposed.</returns>
    /// <exception cref="ListenerException">The path is taken, or cannot be written.</exception>
    public static Socket Bind(UnixDomainSocketEndPoint endPoint, UnixFileMode mode, int backlog)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Its files have no such modes.");

        var path = endPoint.ToString();
        RemoveStale(endPoint, path);
        var socket = new Socket(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode); // Which has no such modes.
            socket.Listen(backlog);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new ListenerException(endPoint, Explain(exception), exception);
        }
    }

    private static void RemoveStale(UnixDomainSocketEndPoint endPoint, string path)
    {
        switch (IsSocket(path))
        {
            case null:
                return;
            case false:
                throw new ListenerException(endPoint, "there is a file of this name, which is no socket");
        }

        using var probe = new Socket(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Blocking = false; // Somebody whose queue is full would make it wait.
            probe.Connect(endPoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            Delete(endPoint, path);
            return;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is not SocketError.WouldBlock)
        {
            throw new ListenerException(endPoint, Explain(exception), exception);
        }

        throw new ListenerException(endPoint, "another program listens there");
    }

    private static void Delete(UnixDomainSocketEndPoint endPoint, string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ListenerException(endPoint, $"what an earlier process left there cannot be removed: {exception.Message}", exception);
        }
    }

    /// <summary>Null when there is nothing of this name. The platform has no other way to tell a socket from a file.</summary>
    private static bool? IsSocket(string path)
    {
        var status = new byte[256];
        if (statx(AtCurrentDirectory, path, NoFollow, AskForType, status) != 0) return null;

        return (BitConverter.ToUInt16(status, ModeAt) & TypeMask) == SocketType;
    }

    private static string Explain(Exception exception) => exception switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "there is a file of this name",
        SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException => "the right to write there is missing",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "its directory does not exist",
        _ => exception.Message,
    };

    [DllImport("libc", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] status);
}
