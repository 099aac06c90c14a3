using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Listeners.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class UnixSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("kuzzle-edge-socket-").FullName;
    private readonly ListenerMetrics _metrics = new();

    private string SocketPath => Path.Combine(_directory, "mqtt.sock");

    public void Dispose()
    {
        _metrics.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_is_sent_comes_back_whole()
    {
        await using var transport = Start();
        using var client = await ConnectAsync();
        var sent = new byte[300_000];
        new Random(1).NextBytes(sent);
        var received = new byte[sent.Length];

        var sending = client.SendAsync(sent);
        await using var stream = new NetworkStream(client);
        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Patience);
        await sending;

        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public async Task The_file_has_the_mode_that_was_asked_for(UnixFileMode mode)
    {
        await using var transport = Start(new TcpListenerOptions { SocketMode = mode });

        File.GetUnixFileMode(SocketPath).ShouldBe(mode);
    }

    [Fact]
    public async Task The_file_goes_with_the_listener()
    {
        await using (Start()) File.Exists(SocketPath).ShouldBeTrue();

        File.Exists(SocketPath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_a_killed_process_left_behind_is_replaced()
    {
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory, "other.sock")));
            File.Move(Path.Combine(_directory, "other.sock"), SocketPath); // So that its end does not remove it.
        }

        File.Exists(SocketPath).ShouldBeTrue();
        await using var transport = Start();
        using var client = await ConnectAsync();

        client.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_on_which_somebody_answers_is_left_alone()
    {
        await using var first = Start();
        await using var second = New();

        Should.Throw<ListenerException>(second.Start).Message.ShouldBe($"Cannot listen on {SocketPath}: another program listens there.");

        using var client = await ConnectAsync();
        client.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_left_alone()
    {
        await File.WriteAllTextAsync(SocketPath, "precious");
        await using var transport = New();

        Should.Throw<ListenerException>(transport.Start).Message.ShouldBe($"Cannot listen on {SocketPath}: there is a file of this name, which is no socket.");

        (await File.ReadAllTextAsync(SocketPath)).ShouldBe("precious");
    }

    [Fact]
    public async Task A_directory_that_does_not_exist_is_named()
    {
        await using var transport = New(path: Path.Combine(_directory, "absent", "mqtt.sock"));

        Should.Throw<ListenerException>(transport.Start).Message.ShouldEndWith("absent/mqtt.sock: its directory does not exist.");
    }

    private TcpListenerTransport Start(TcpListenerOptions? options = null)
    {
        var transport = New(options);
        transport.Start();
        return transport;
    }

    private TcpListenerTransport New(TcpListenerOptions? options = null, string? path = null) => new(
        new UnixDomainSocketEndPoint(path ?? SocketPath), EchoAsync, options ?? new TcpListenerOptions(), _metrics, TimeProvider.System, NullLogger.Instance);

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return client;
    }

    private static async Task EchoAsync(IDuplexPipe pipe, EndPoint? remote, CancellationToken cancellationToken)
    {
        remote.ShouldBeNull();
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken);
            foreach (var segment in read.Buffer) pipe.Output.Write(segment.Span);
            pipe.Input.AdvanceTo(read.Buffer.End);
            var flush = await pipe.Output.FlushAsync(cancellationToken);
            if (read.IsCompleted || flush.IsCompleted) return;
        }
    }
}
