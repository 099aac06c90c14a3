using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Listeners.Tests;

public sealed class TcpListenerTransportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(70_000)]
    [InlineData(5_000_000)]
    public async Task What_is_sent_comes_back_whole(int length)
    {
        await using var transport = Start(EchoAsync);
        using var client = await ConnectAsync(transport);
        var sent = new byte[length];
        new Random(length).NextBytes(sent);

        var sending = client.SendAsync(sent);
        var received = await ReceiveAsync(client, length);
        await sending;

        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [Fact]
    public async Task A_packet_is_handed_over_in_one_piece_however_it_arrives()
    {
        var lengths = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            while (true)
            {
                var read = await pipe.Input.ReadAsync(cancellationToken);
                read.Buffer.IsSingleSegment.ShouldBeTrue();
                if (read.Buffer.Length == 300_000) lengths.TrySetResult((int)read.Buffer.Length);
                pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted) return;
            }
        });
        using var client = await ConnectAsync(transport);

        for (var part = 0; part < 300; part++) await client.SendAsync(new byte[1000]);

        (await lengths.Task.WaitAsync(Patience)).ShouldBe(300_000);
    }

    [Fact]
    public async Task An_idle_connection_holds_little_even_after_a_burst()
    {
        var held = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            var total = 0L;
            while (total < 1_000_000)
            {
                var read = await pipe.Input.ReadAsync(cancellationToken);
                total += read.Buffer.Length;
                pipe.Input.AdvanceTo(read.Buffer.End);
            }

            var waiting = pipe.Input.ReadAsync(cancellationToken);
            held.SetResult(((SocketPipeReader)pipe.Input).HeldBytes);
            pipe.Input.AdvanceTo((await waiting).Buffer.End);
        });
        using var client = await ConnectAsync(transport);

        await client.SendAsync(new byte[1_000_000]);

        (await held.Task.WaitAsync(Patience)).ShouldBeLessThanOrEqualTo(1024);
    }

    [Fact]
    public async Task A_quiet_connection_holds_no_buffer_and_loses_nothing()
    {
        var held = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            pipe.Input.AdvanceTo((await pipe.Input.ReadAsync(cancellationToken)).Buffer.End);
            var waiting = pipe.Input.ReadAsync(cancellationToken);
            held.SetResult(((SocketPipeReader)pipe.Input).HeldBytes);
            var read = await waiting;
            await pipe.Output.WriteAsync(read.Buffer.ToArray(), cancellationToken);
            pipe.Input.AdvanceTo(read.Buffer.End);
        });
        using var client = await ConnectAsync(transport);

        await client.SendAsync("hello"u8.ToArray());
        (await held.Task.WaitAsync(Patience)).ShouldBe(0);
        await client.SendAsync("again"u8.ToArray());

        var answer = new byte[5];
        await client.ReceiveAsync(answer).WaitAsync(Patience);
        answer.ShouldBe("again"u8.ToArray());
    }

    [Fact]
    public async Task A_part_of_a_packet_holds_memory_in_proportion()
    {
        var held = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            while (true)
            {
                var waiting = pipe.Input.ReadAsync(cancellationToken);
                if (!waiting.IsCompleted && ((SocketPipeReader)pipe.Input).HeldBytes > 1024) held.TrySetResult(((SocketPipeReader)pipe.Input).HeldBytes);
                var read = await waiting;
                pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted) return;
            }
        });
        using var client = await ConnectAsync(transport);

        await client.SendAsync(new byte[600]);

        (await held.Task.WaitAsync(Patience)).ShouldBeLessThanOrEqualTo(8 * 1024);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await using var first = Start(EchoAsync);
        await using var second = New((IPEndPoint)first.EndPoint, EchoAsync);

        var exception = Should.Throw<ListenerException>(second.Start);

        exception.Message.ShouldContain($"127.0.0.1:{((IPEndPoint)first.EndPoint).Port}");
        exception.Message.ShouldContain("in use");
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        await using var transport = New(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1883), EchoAsync);

        Should.Throw<ListenerException>(transport.Start).Message.ShouldContain("192.0.2.1");
    }

    [Fact]
    public async Task A_port_can_be_opened_again_at_once()
    {
        var first = Start(EchoAsync);
        using var client = await ConnectAsync(first);
        await client.SendAsync(new byte[1]);
        await ReceiveAsync(client, 1);
        await first.DisposeAsync(); // The server closes first, so its side of the connection lingers in the kernel.

        await using var second = New((IPEndPoint)first.EndPoint, EchoAsync);
        second.Start();

        second.EndPoint.ShouldBe(first.EndPoint);
    }

    [Fact]
    public async Task Small_packets_leave_at_once()
    {
        var noDelay = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start((pipe, _, _) =>
        {
            noDelay.SetResult(((SocketConnection)pipe).Socket.NoDelay);
            return Task.CompletedTask;
        });

        using var client = await ConnectAsync(transport);

        (await noDelay.Task.WaitAsync(Patience)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_cancelled_read_can_be_repeated()
    {
        var outcomes = new List<string>();
        var waiting = new TaskCompletionSource<IDuplexPipe>(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            var pending = pipe.Input.ReadAsync(cancellationToken);
            waiting.SetResult(pipe);
            var first = await pending;
            outcomes.Add($"canceled={first.IsCanceled} completed={first.IsCompleted} {first.Buffer.Length}");
            pipe.Input.AdvanceTo(first.Buffer.End);
            var second = await pipe.Input.ReadAsync(cancellationToken);
            outcomes.Add($"canceled={second.IsCanceled} completed={second.IsCompleted} {second.Buffer.Length}");
            pipe.Input.AdvanceTo(second.Buffer.End);
            done.SetResult();
        });
        using var client = await ConnectAsync(transport);

        (await waiting.Task.WaitAsync(Patience)).Input.CancelPendingRead();
        await client.SendAsync(new byte[3]);
        await done.Task.WaitAsync(Patience);

        outcomes.ShouldBe(["canceled=True completed=False 0", "canceled=False completed=False 3"]);
    }

    [Fact]
    public async Task Nothing_is_lost_however_often_reads_are_cancelled()
    {
        const int Length = 300_000;
        using var stop = new CancellationTokenSource();
        var pipes = new TaskCompletionSource<IDuplexPipe>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start((pipe, remote, cancellationToken) =>
        {
            pipes.SetResult(pipe);
            return EchoAsync(pipe, remote, cancellationToken);
        });
        using var client = await ConnectAsync(transport);
        var input = (await pipes.Task.WaitAsync(Patience)).Input;
        var cancelling = Task.Run(() =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++) input.CancelPendingRead();
            return count;
        });
        var sent = new byte[Length];
        new Random(3).NextBytes(sent);

        var receiving = ReceiveAsync(client, Length);
        for (var at = 0; at < Length; at += 100) await client.SendAsync(sent.AsMemory(at, 100));
        var received = await receiving;
        await stop.CancelAsync();

        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        (await cancelling).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_read_ends_with_its_own_token()
    {
        var outcome = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            using var own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var reading = pipe.Input.ReadAsync(own.Token).AsTask();
            await own.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(reading);
            ended.SetResult();
            var next = await pipe.Input.ReadAsync(cancellationToken);
            outcome.SetResult(!next.IsCanceled && next.Buffer.Length == 2);
        });
        using var client = await ConnectAsync(transport);

        // Bytes that were there before the read would end it, rather than its token.
        await ended.Task.WaitAsync(Patience);
        await client.SendAsync(new byte[2]);

        (await outcome.Task.WaitAsync(Patience)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_flush_that_waits_for_a_peer_who_does_not_read_can_be_cancelled()
    {
        var result = new TaskCompletionSource<(FlushResult First, FlushResult Second)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            pipe.Output.Write(new byte[20_000_000]);
            var flush = pipe.Output.FlushAsync(cancellationToken);
            flush.IsCompleted.ShouldBeFalse();
            pipe.Output.CancelPendingFlush();
            var first = await flush;
            pipe.Output.Write(new byte[1]);
            result.SetResult((first, await pipe.Output.FlushAsync(cancellationToken)));
        });
        using var client = await ConnectAsync(transport);

        var (first, second) = await result.Task.WaitAsync(Patience);

        first.IsCanceled.ShouldBeTrue();
        second.IsCompleted.ShouldBeTrue("nothing may follow half a packet");
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_in_the_end()
    {
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            for (var part = 0; part < 200; part++)
            {
                var bytes = new byte[50_000];
                Array.Fill(bytes, (byte)part);
                pipe.Output.Write(bytes);
                (await pipe.Output.FlushAsync(cancellationToken)).IsCompleted.ShouldBeFalse();
            }
        });
        using var client = await ConnectAsync(transport);

        var received = await ReceiveAsync(client, 10_000_000);

        for (var at = 0; at < received.Length; at += 49_999) received[at].ShouldBe((byte)(at / 50_000));
        (await client.ReceiveAsync(new byte[1])).ShouldBe(0);
    }

    [Fact]
    public async Task A_connection_that_was_cut_ends_like_one_that_was_closed()
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, cancellationToken) => ended.SetResult((await pipe.Input.ReadAsync(cancellationToken)).IsCompleted));
        using var client = await ConnectAsync(transport);

        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Close(); // a reset

        (await ended.Task.WaitAsync(Patience)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_written_last_arrives_although_the_peer_had_more_to_say()
    {
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            await pipe.Input.ReadAsync(cancellationToken);
            pipe.Output.Write("refused"u8);
            await pipe.Output.CompleteAsync();
        });
        using var client = await ConnectAsync(transport);
        await client.SendAsync(new byte[100_000]);

        var received = await ReceiveAsync(client, 7);

        received.ShouldBe("refused"u8.ToArray());
    }

    [Fact]
    public async Task What_was_written_last_can_be_read_by_a_peer_that_sends_in_between()
    {
        await using var transport = Start(async (pipe, _, cancellationToken) =>
        {
            await pipe.Input.ReadAsync(cancellationToken);
            pipe.Output.Write("too many"u8);
            await pipe.Output.CompleteAsync();
        });
        using var client = await ConnectAsync(transport);
        await client.SendAsync(new byte[1]);

        foreach (var expected in "too many"u8.ToArray())
        {
            (await ReceiveAsync(client, 1)).ShouldBe([expected]);
            await client.SendAsync(new byte[100]);
        }

        (await client.ReceiveAsync(new byte[1]).WaitAsync(Patience)).ShouldBe(0, "the end is told at once");
        transport.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_peer_that_never_closes_is_closed()
    {
        var clock = new ManualClock();
        await using var transport = new TcpListenerTransport(
            new IPEndPoint(IPAddress.Loopback, 0), (_, _, _) => Task.CompletedTask, new TcpListenerOptions(), new ListenerMetrics(), clock, NullLogger.Instance);
        transport.Start();
        using var client = await ConnectAsync(transport);
        (await client.ReceiveAsync(new byte[1]).WaitAsync(Patience)).ShouldBe(0);

        using var patience = new CancellationTokenSource(Patience);
        while (transport.ConnectionCount > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        transport.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_and_the_others_stay()
    {
        await using var transport = Start(EchoAsync, new TcpListenerOptions { MaxConnections = 1 });
        using var first = await ConnectAsync(transport);
        await first.SendAsync(new byte[1]);
        await ReceiveAsync(first, 1);

        using var second = await ConnectAsync(transport);

        (await second.ReceiveAsync(new byte[1]).WaitAsync(Patience)).ShouldBe(0);
        await first.SendAsync(new byte[1]);
        await ReceiveAsync(first, 1);
        transport.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task Stopping_waits_for_connections_that_end_by_themselves()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = Start(async (pipe, _, _) =>
        {
            began.SetResult();
            await release.Task;
            pipe.Output.Write("bye"u8);
            await pipe.Output.CompleteAsync();
        });
        using var client = await ConnectAsync(transport);
        await began.Task.WaitAsync(Patience);

        var stopping = transport.StopAsync(CancellationToken.None);
        await transport.UnbindAsync();
        stopping.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await stopping.WaitAsync(Patience);

        (await ReceiveAsync(client, 3)).ShouldBe("bye"u8.ToArray());
        await Should.ThrowAsync<SocketException>(async () => await ConnectAsync(transport));
    }

    [Fact]
    public async Task Stopping_aborts_those_that_do_not_end_in_time()
    {
        await using var transport = Start(EchoAsync);
        using var client = await ConnectAsync(transport);
        await client.SendAsync(new byte[1]);
        await ReceiveAsync(client, 1);

        await transport.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Patience);

        transport.ConnectionCount.ShouldBe(0);
        (await client.ReceiveAsync(new byte[1]).WaitAsync(Patience)).ShouldBe(0);
    }

    [Fact]
    public async Task A_fault_in_one_connection_does_not_reach_the_others()
    {
        var isFirst = true;
        await using var transport = Start((pipe, remote, cancellationToken) =>
        {
            if (!isFirst) return EchoAsync(pipe, remote, cancellationToken);

            isFirst = false;
            throw new InvalidOperationException("a fault of the program");
        });
        using var first = await ConnectAsync(transport);
        (await first.ReceiveAsync(new byte[1]).WaitAsync(Patience)).ShouldBe(0);

        using var second = await ConnectAsync(transport);
        await second.SendAsync(new byte[1]);

        (await ReceiveAsync(second, 1)).Length.ShouldBe(1);
    }

    private static async Task EchoAsync(IDuplexPipe pipe, EndPoint? remote, CancellationToken cancellationToken)
    {
        remote.ShouldBeOfType<IPEndPoint>();
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken);
            foreach (var segment in read.Buffer) pipe.Output.Write(segment.Span);
            pipe.Input.AdvanceTo(read.Buffer.End);
            var flush = await pipe.Output.FlushAsync(cancellationToken);
            if (read.IsCompleted || flush.IsCompleted) return;
        }
    }

    private static TcpListenerTransport New(IPEndPoint endPoint, Func<IDuplexPipe, EndPoint?, CancellationToken, Task> serve, TcpListenerOptions? options = null) =>
        new(endPoint, serve, options ?? new TcpListenerOptions(), new ListenerMetrics(), TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task A_socket_that_was_handed_over_goes_on_listening_for_its_other_holder()
    {
        using var handedOver = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        handedOver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        handedOver.Listen(10);
        using var others = new Socket(new SafeSocketHandle(dup((int)handedOver.Handle), ownsHandle: true)); // As the service manager keeps it.
        var transport = new TcpListenerTransport(handedOver.LocalEndPoint!, EchoAsync, new TcpListenerOptions(), new ListenerMetrics(), TimeProvider.System, NullLogger.Instance, handedOver);
        transport.Start();
        using (var client = await ConnectAsync(transport))
        {
            var sent = new byte[] { 1, 2, 3 };
            await client.SendAsync(sent);
            (await ReceiveAsync(client, sent.Length)).ShouldBe(sent);
        }

        await transport.DisposeAsync();

        using var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await waiting.ConnectAsync(others.LocalEndPoint!);
        using var patience = new CancellationTokenSource(Patience);
        using var accepted = await others.AcceptAsync(patience.Token);
        accepted.Connected.ShouldBeTrue();
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int dup(int descriptor);

    private static TcpListenerTransport Start(Func<IDuplexPipe, EndPoint?, CancellationToken, Task> serve, TcpListenerOptions? options = null)
    {
        var transport = New(new IPEndPoint(IPAddress.Loopback, 0), serve, options);
        transport.Start();
        return transport;
    }

    private static async Task<Socket> ConnectAsync(TcpListenerTransport transport)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await client.ConnectAsync(transport.EndPoint);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task<byte[]> ReceiveAsync(Socket client, int length)
    {
        using var patience = new CancellationTokenSource(Patience);
        var received = new byte[length];
        for (var at = 0; at < length;)
        {
            var count = await client.ReceiveAsync(received.AsMemory(at), SocketFlags.None, patience.Token);
            count.ShouldNotBe(0, $"closed after {at} of {length} bytes");
            at += count;
        }

        return received;
    }
}
