using System.Text.Json.Nodes;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

public sealed class SensorBehaviourTests
{
    [Fact]
    public async Task An_alarm_is_a_document_when_it_is_raised_and_another_when_it_ends()
    {
        await using var host = await new SensorHost().StartAsync(Button() with { Topic = "door", Alarms = [new AlarmOptions { Name = "open", Above = 0.5 }] });
        await Waiting.UntilAsync(() => host.Sensors.States[0].Measured >= 1);

        await host.Board.EdgesOfLine.Writer.WriteAsync(Edge(GpioEdges.Rising, 1));
        await host.Board.EdgesOfLine.Writer.WriteAsync(Edge(GpioEdges.Falling, 2));
        var alarms = await host.StoredAsync("alarms", 1);
        await Waiting.UntilAsync(() => host.Topics.Retained.GetValueOrDefault("door/alarms/open")?.Contains("cleared", StringComparison.Ordinal) == true);

        alarms[0].GetProperty("alarm").GetString().ShouldBe("open");
        alarms[0].GetProperty("device").GetString().ShouldBe("door");
        host.Sensors.States[0].Channels[0].Alarms.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_edge_is_a_reading_with_the_time_at_which_the_kernel_saw_it()
    {
        await using var host = await new SensorHost().StartAsync(Button() with { Store = ReadingStorage.All });
        await host.StoredAsync("readings", 1);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        var seen = host.Clock.GetUtcNow().AddSeconds(-2).ToUnixTimeMilliseconds() * 1_000_000;

        await host.Board.EdgesOfLine.Writer.WriteAsync(new GpioEdge(GpioEdges.Rising, seen, GpioEventClock.Realtime, 7));
        var reading = (await host.StoredAsync("readings", 2)).Single(stored => stored.TryGetProperty("sequence", out _));

        reading.GetProperty("value").GetDouble().ShouldBe(1);
        reading.GetProperty("sequence").GetInt64().ShouldBe(7);
        ((double)reading.GetProperty("timestamp").GetInt64()).ShouldBe(host.Clock.GetUtcNow().AddSeconds(-2).ToUnixTimeMilliseconds(), 1.0);
        reading.GetProperty("kind").GetString().ShouldBe("state");
    }

    [Fact]
    public async Task A_line_that_counts_tells_how_many_edges_there_were()
    {
        var counter = Button() with { Gpio = new GpioOptions { Line = GpioLineId.Named("GPIO17"), Mode = GpioMode.Counter, Edges = GpioEdges.Rising } };
        await using var host = await new SensorHost().StartAsync(counter);

        await Waiting.UntilAsync(() => host.Sensors.States[0].Measured >= 1);

        host.Sensors.States[0].Channels.Single().ShouldBe(new ChannelState(null, "count", "", 42, host.Clock.GetUtcNow(), null, []), new SameChannel());
    }

    [Fact]
    public async Task A_reading_from_before_the_time_was_known_is_marked_and_gets_its_time_when_it_is()
    {
        var host = new SensorHost();
        host.Wall.IsSynchronised = false;
        await using var _ = await host.StartAsync(Button() with { Store = ReadingStorage.All });
        var before = (await host.StoredAsync("readings", 1))[0];
        before.GetProperty("quality").GetString().ShouldBe("clock-unsynchronised");
        before.GetProperty("clock").GetProperty("synced").GetBoolean().ShouldBeFalse();
        var told = before.GetProperty("timestamp").GetInt64();

        host.Clock.Set(host.Clock.GetUtcNow().AddDays(100)); // The network tells the time.
        host.Wall.IsSynchronised = true;
        System.Text.Json.JsonElement after = default;
        await Waiting.TurningAsync(host.Clock, TimeSpan.FromSeconds(5), async () =>
        {
            var stored = await host.StoredAsync("readings");
            after = stored.FirstOrDefault(reading => reading.GetProperty("quality").GetString() == "good" && reading.TryGetProperty("clock", out var _));
            return after.ValueKind != System.Text.Json.JsonValueKind.Undefined;
        });

        ((double)after.GetProperty("timestamp").GetInt64()).ShouldBe(told + (long)TimeSpan.FromDays(100).TotalMilliseconds, 2.0);
        after.GetProperty("clock").GetProperty("told").GetInt64().ShouldBe(told);
    }

    [Fact]
    public async Task Each_sensor_is_a_device_of_the_registry_as_long_as_it_is_there()
    {
        var host = await new SensorHost().StartAsync(Button(), Simulated());
        await Waiting.UntilAsync(() => host.Registry.Connected.Count == 2);

        host.Registry.Connected.ShouldBe(["door", "room"], ignoreOrder: true);
        await host.Sensors.StopAsync(CancellationToken.None);
        host.Registry.Connected.ShouldBeEmpty();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_sensor_whose_device_is_disabled_in_the_registry_tells_nothing_until_it_is_enabled()
    {
        await using var host = await new SensorHost().StartAsync(Simulated() with { Name = "room", Store = ReadingStorage.All, Topic = "room" });
        await host.StoredAsync("readings", 1);
        await Waiting.UntilAsync(() => host.Registry.Connected.Contains("room"));

        host.Registry.Disabled = "room";
        await Waiting.TurningAsync(host.Clock, TimeSpan.FromSeconds(10), () => host.Sensors.States[0].Status == SensorStatus.Failing);
        (await host.StoredAsync("readings")).Count.ShouldBe(1);
        host.Topics.Published.Count(published => published.Topic == "room").ShouldBe(1);
        host.Sensors.States[0].Fault!.ShouldContain("disabled in the registry");

        host.Registry.Disabled = null;
        await Waiting.TurningAsync(host.Clock, TimeSpan.FromSeconds(10), async () => (await host.StoredAsync("readings")).Count == 2);
        host.Sensors.States[0].Status.ShouldBe(SensorStatus.Ok);
    }

    [Fact]
    public async Task Stored_readings_are_kept_within_the_number_that_is_wanted()
    {
        await using var host = await new SensorHost().StartAsync(
            Simulated() with { Name = "room", Store = ReadingStorage.All, RetentionCount = 2 }, Simulated() with { Name = "cellar", Store = ReadingStorage.All });
        await Waiting.SteppingAsync(host.Clock, TimeSpan.FromSeconds(10), () => Task.FromResult(host.Sensors.States.All(state => state.Published >= 4)));

        await Waiting.TurningAsync(host.Clock, TimeSpan.FromMinutes(1), async () => Of(await host.StoredAsync("readings"), "room") <= 3);

        Of(await host.StoredAsync("readings"), "cellar").ShouldBeGreaterThanOrEqualTo(4, "it has no bound");

        static int Of(IReadOnlyList<System.Text.Json.JsonElement> readings, string device) => readings.Count(reading => reading.GetProperty("device").GetString() == device);
    }

    [Fact]
    public async Task What_is_not_to_be_believed_says_so()
    {
        await using var host = await new SensorHost().StartAsync(Button() with { Store = ReadingStorage.Last, ValidMin = 5 });

        var reading = (await host.StoredAsync("readings", 1))[0];

        reading.GetProperty("quality").GetString().ShouldBe("out-of-range");
    }

    [Fact]
    public async Task A_definition_through_the_API_is_read_now_and_after_the_next_start()
    {
        var store = new Kuzzle.Edge.Testing.InMemoryDocumentStore();
        await using (var host = await new SensorHost(store).StartAsync())
        {
            (await host.AskAsync("create", body: """{"name":"cellar","source":"simulated","seed":3}""")).Error.ShouldBeNull();
            await host.StoredAsync("readings", 1);
        }

        await using var again = await new SensorHost(store).StartAsync();

        var answer = await again.AskAsync("get", "cellar");
        answer.Error.ShouldBeNull();
        answer.Result!["origin"]!.GetValue<string>().ShouldBe("api");
        answer.Result["definition"]!["seed"]!.GetValue<int>().ShouldBe(3);
        (await again.AskAsync("delete", "cellar")).Error.ShouldBeNull();
        (await again.AskAsync("get", "cellar")).Error!.Id.ShouldBe("edge.sensors.not_found");
    }

    [Fact]
    public async Task A_wrong_definition_is_refused_with_every_fault_and_leaves_nothing_behind()
    {
        await using var host = await new SensorHost().StartAsync();

        var answer = await host.AskAsync("create", body: """{"name":"cellar","seed":"three"}""");

        (answer.Error!.Id, answer.Error.Status).ShouldBe(("edge.sensors.invalid_definition", 400));
        answer.Error.Message.ShouldContain("seed must be a number");
        (await host.AskAsync("list")).Result!["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_sensor_of_the_configuration_file_cannot_be_changed_through_the_API()
    {
        await using var host = await new SensorHost().StartAsync(Simulated());

        foreach (var answer in new[] { await host.AskAsync("update", "room", """{"seed":4}"""), await host.AskAsync("delete", "room") })
        {
            (answer.Error!.Id, answer.Error.Status).ShouldBe(("edge.sensors.read_only", 403));
        }
    }

    [Fact]
    public async Task An_update_merges_and_the_sensor_begins_anew()
    {
        await using var host = await new SensorHost().StartAsync();
        await host.AskAsync("create", body: """{"name":"cellar","seed":3}""");

        var answer = await host.AskAsync("update", "cellar", """{"seed":4,"note":"moved"}""");

        answer.Result!["definition"]!.ToJsonString().ShouldBe("""{"name":"cellar","seed":4,"note":"moved"}""");
        (await host.AskAsync("update", "cellar", """{"name":"attic"}""")).Error!.Id.ShouldBe("edge.sensors.invalid_definition");
        host.Sensors.States.Select(state => state.Name).ShouldBe(["cellar"]);
    }

    [Fact]
    public async Task A_sensor_can_be_read_out_of_turn()
    {
        await using var host = await new SensorHost().StartAsync(Button());
        host.Board.Level = true;

        var answer = await host.AskAsync("read", "door");

        answer.Error.ShouldBeNull();
        answer.Result!["readings"]![0]!["value"]!.GetValue<double>().ShouldBe(1);
    }

    [Fact]
    public async Task A_scan_tells_what_there_is()
    {
        await using var host = await new SensorHost().StartAsync();

        var answer = await host.AskAsync("scan");

        answer.Result!["gpio"]![0]!["lines"]![0]!["name"]!.GetValue<string>().ShouldBe("GPIO17");
    }

    [Fact]
    public async Task The_past_of_a_sensor_is_told_newest_first_within_bounds()
    {
        await using var host = await new SensorHost().StartAsync(Simulated() with { Store = ReadingStorage.All });
        for (var count = 1; count <= 4; count++)
        {
            await host.StoredAsync("readings", count);
            await host.Sensors.ProbeAsync(CancellationToken.None); // Its thread has done with the reading.
            host.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await host.StoredAsync("readings", 5);
        var from = host.Clock.GetUtcNow().AddSeconds(-20).ToUnixTimeMilliseconds();
        var answer = await host.AskAsync("history", "room", arguments: new JsonObject { ["_id"] = "room", ["from"] = from, ["size"] = 2 }.ToJsonString());

        answer.Error.ShouldBeNull();
        answer.Result!["total"]!.GetValue<long>().ShouldBe(3);
        answer.Result["readings"]!.AsArray().Count.ShouldBe(2);
        (await host.AskAsync("history", "room", arguments: """{"size":-1}""")).Error!.Id.ShouldBe("api.assert.invalid_argument");
    }

    [Fact]
    public async Task A_value_that_is_old_is_told_as_old_once()
    {
        await using var host = await new SensorHost().StartAsync(Button() with { Topic = "door" });
        await Waiting.UntilAsync(() => host.Sensors.States[0].Measured >= 1);

        host.Board.ReadFault = "The chip has gone.";
        for (var failures = 1; failures <= 4; failures++)
        {
            var wanted = failures;
            var pause = host.Sensors.States[0].NextAttemptAt - host.Clock.GetUtcNow() ?? TimeSpan.FromSeconds(10);
            await Waiting.TurningAsync(host.Clock, pause, () => host.Sensors.States[0].Failed >= wanted);
        }

        host.Topics.Published.Count(published => published.Payload.Contains("\"quality\":\"stale\"", StringComparison.Ordinal)).ShouldBe(1);
        host.Sensors.States[0].Fault.ShouldBe("The chip has gone.");
    }

    private static SensorOptions Button() => new()
    {
        Name = "door",
        Source = SensorSourceKind.Gpio,
        Gpio = new GpioOptions { Line = GpioLineId.Named("GPIO17") },
    };

    private static SensorOptions Simulated() => new() { Name = "room", Source = SensorSourceKind.Simulated };

    private static GpioEdge Edge(GpioEdges kind, long sequence) => new(kind, 1_764_000_000_000_000_000 + sequence, GpioEventClock.Realtime, sequence);

    private sealed class SameChannel : IEqualityComparer<ChannelState>
    {
        public bool Equals(ChannelState? left, ChannelState? right) =>
            left is not null && right is not null && (left with { Alarms = right.Alarms }) == right && left.Alarms.SequenceEqual(right.Alarms);

        public int GetHashCode(ChannelState channel) => channel.Kind.GetHashCode(StringComparison.Ordinal);
    }
}
