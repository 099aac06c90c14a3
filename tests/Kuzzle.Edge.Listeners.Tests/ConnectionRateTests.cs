using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Listeners.Tests;

public sealed class ConnectionRateTests
{
    [Fact]
    public void As_many_as_in_a_second_come_at_once_and_then_each_waits_its_turn()
    {
        var clock = new ManualClock();
        var rate = new ConnectionRate(10, clock);

        for (var connection = 0; connection < 10; connection++) rate.Take().ShouldBe(TimeSpan.Zero);
        rate.Take().ShouldBe(TimeSpan.FromSeconds(0.1), tolerance: TimeSpan.FromMilliseconds(1));
        rate.Take().ShouldBe(TimeSpan.FromSeconds(0.2), tolerance: TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromSeconds(0.3));
        rate.Take().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_long_pause_allows_no_more_than_a_second_does()
    {
        var clock = new ManualClock();
        var rate = new ConnectionRate(3, clock);

        clock.Advance(TimeSpan.FromHours(1));

        for (var connection = 0; connection < 3; connection++) rate.Take().ShouldBe(TimeSpan.Zero);
        rate.Take().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Connections_beyond_the_rate_wait_and_are_counted()
    {
        using var metrics = new ListenerMetrics();
        var delayed = 0L;
        var isDelayed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == metrics.Meter && instrument.Name == "mqtt.listener.connections.delayed") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) =>
        {
            Interlocked.Add(ref delayed, count);
            isDelayed.TrySetResult();
        });
        listener.Start();
        var clock = new ManualClock();
        var served = new SemaphoreSlim(0);
        await using var transport = new TcpListenerTransport(
            new IPEndPoint(IPAddress.Loopback, 0),
            (_, _, _) =>
            {
                served.Release();
                return Task.CompletedTask;
            },
            new TcpListenerOptions { MaxConnectionsPerSecond = 1 },
            metrics,
            clock,
            NullLogger.Instance);
        transport.Start();
        var patience = TimeSpan.FromSeconds(30);

        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)transport.EndPoint);
        (await served.WaitAsync(patience)).ShouldBeTrue();
        using var second = new TcpClient();
        await second.ConnectAsync((IPEndPoint)transport.EndPoint);
        await isDelayed.Task.WaitAsync(patience);
        served.CurrentCount.ShouldBe(0);

        while (!await served.WaitAsync(TimeSpan.FromMilliseconds(20))) clock.Advance(TimeSpan.FromSeconds(1)); // Its timer may not be set yet.
        Interlocked.Read(ref delayed).ShouldBe(1);
    }
}
