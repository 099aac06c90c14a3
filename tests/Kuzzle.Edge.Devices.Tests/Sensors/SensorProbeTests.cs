using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Definitions;
using Kuzzle.Edge.Devices.Sensors.Scheduling;
using Kuzzle.Edge.Hardware.Scanning;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>What the watchdog asks: whether the sensors make progress.</summary>
public sealed class SensorProbeTests
{
    private static readonly SensorOptions Room = new() { Name = "room", Source = SensorSourceKind.Simulated };

    [Fact]
    public async Task Sensors_that_are_read_answer_again_and_again()
    {
        await using var host = await new SensorHost().StartAsync(Room);

        for (var round = 0; round < 3; round++)
        {
            var answer = host.Sensors.ProbeAsync(CancellationToken.None);
            await answer.WaitAsync(TimeSpan.FromSeconds(60));
            answer.IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task When_every_thread_hangs_in_a_driver_there_is_no_answer_until_one_comes_back()
    {
        await using var host = await new SensorHost().StartAsync();
        host.Board.Answers.Reset();
        var hanging = Enumerable.Range(0, ReaderThreads.MaxThreads).Select(_ => host.Sensors.ScanAsync(new ScanRequest(), CancellationToken.None)).ToList();

        using var impatience = new CancellationTokenSource();
        var answer = host.Sensors.ProbeAsync(impatience.Token);
        answer.IsCompleted.ShouldBeFalse();

        host.Board.Answers.Set();
        await answer.WaitAsync(TimeSpan.FromSeconds(60));
        await Task.WhenAll(hanging);
    }

    [Fact]
    public async Task A_schedule_that_does_not_wake_is_told()
    {
        var clock = new DeafClock();
        using var api = new KuzzleApi(new ApiOptions(), new InMemoryDocumentStore(), clock, NullLoggerFactory.Instance);
        await using var sensors = new SensorService(
            new SensorServiceOptions { Sensors = [new SensorDefinition(Room, new JsonObject())] },
            new SensorNeighbours { Api = api, Topics = new RecordingTopics(), Wall = new ManualWallClock(), ReadDefinition = _ => throw new NotSupportedException(), Board = new SensorBoard() },
            clock,
            NullLoggerFactory.Instance);
        await sensors.StartAsync(CancellationToken.None);
        await Waiting.UntilAsync(() => sensors.States[0].Measured > 0);

        Exception? failure = null;
        await Waiting.UntilAsync(async () =>
        {
            clock.Now += TimeSpan.FromMinutes(2);
            failure = await Record.ExceptionAsync(() => sensors.ProbeAsync(CancellationToken.None));
            return failure is not null;
        });

        failure.ShouldBeOfType<InvalidOperationException>().Message.ShouldStartWith("readings should have begun");
    }

    /// <summary>A clock whose timers never fire.</summary>
    private sealed class DeafClock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer();

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // Nothing ever runs.
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
