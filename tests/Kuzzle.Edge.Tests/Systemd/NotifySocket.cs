using System.Net.Sockets;
using System.Text;

namespace Kuzzle.Edge.Tests.Systemd;

/// <summary>The service manager's end of the protocol: a datagram socket of the system, as systemd has it.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly string? _directory;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private NotifySocket(string name, string? directory)
    {
        Name = name;
        _directory = directory;
        _socket.Bind(new UnixDomainSocketEndPoint(name.StartsWith('@') ? $"\0{name[1..]}" : name));
    }

    /// <summary>What NOTIFY_SOCKET says.</summary>
    public string Name { get; }

    public static NotifySocket InFileSystem()
    {
        var directory = Directory.CreateTempSubdirectory("kuzzle-edge-notify-").FullName;
        return new NotifySocket(Path.Combine(directory, "notify"), directory);
    }

    public static NotifySocket InAbstractNamespace() => new($"@kuzzle-edge-{Guid.NewGuid():N}", directory: null);

    /// <summary>The next datagram.</summary>
    public async Task<string> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[4096];
        var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>Whether a datagram waits.</summary>
    public bool HasMore => _socket.Available > 0;

    public void Dispose()
    {
        _socket.Dispose();
        if (_directory is not null) Directory.Delete(_directory, recursive: true);
    }
}
