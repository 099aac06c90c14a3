using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Definitions;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

public sealed class SensorServiceTests : IDisposable
{
    private static readonly CollectionName Readings = new("sensors", "readings");

    private readonly ManualClock _clock = new();
    private readonly InMemoryDocumentStore _store = new();
    private readonly KuzzleApi _api;
    private readonly RecordingTopics _topics = new();
    private readonly ManualWallClock _wall = new();
    private readonly string _sysfs = Directory.CreateTempSubdirectory("sysfs-").FullName;

    public SensorServiceTests() => _api = new KuzzleApi(new ApiOptions(), _store, _clock, NullLoggerFactory.Instance);

    private string Temperature => Path.Combine(_sysfs, "class", "hwmon", "hwmon0", "temp1_input");

    public void Dispose()
    {
        _api.Dispose();
        Directory.Delete(_sysfs, recursive: true);
    }

    [Fact]
    public async Task Every_reading_is_stored_as_a_document_of_its_own_by_the_sensors_own_device()
    {
        await using var sensors = await StartAsync(Simulated() with { Store = ReadingStorage.All });
        await MeasuredAsync(sensors, 1);
        for (var tick = 2; tick <= 4; tick++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await MeasuredAsync(sensors, tick);
        }

        var stored = await StoredAsync();
        stored.Count.ShouldBe(4);
        var first = stored[0].Source;
        first.GetProperty("device").GetString().ShouldBe("room");
        first.GetProperty("kind").GetString().ShouldBe("temperature");
        first.GetProperty("unit").GetString().ShouldBe("°C");
        first.GetProperty("quality").GetString().ShouldBe("simulated");
        first.GetProperty("timestamp").GetInt64().ShouldBe(_clock.GetUtcNow().AddSeconds(-30).ToUnixTimeMilliseconds());
        first.GetProperty("_kuzzle_info").GetProperty("author").GetString().ShouldBe("room");
    }

    [Fact]
    public async Task Of_a_sensor_that_stores_the_last_reading_there_is_one_document_under_its_name()
    {
        await using var sensors = await StartAsync(Simulated() with { Store = ReadingStorage.Last });
        await MeasuredAsync(sensors, 1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await MeasuredAsync(sensors, 2);

        var only = (await StoredAsync()).Single();
        (only.Id, only.Version).ShouldBe(("room", 2));
    }

    [Fact]
    public async Task A_reading_that_is_not_stored_reaches_those_who_subscribed()
    {
        var sink = new RecordingSink();
        _api.AddSink("internal", sink);
        var request = ApiRequest.Create("realtime", "subscribe", new ClientConnection("internal", null), Caller.System, _clock) with
        {
            Index = "sensors",
            Collection = "readings",
            Body = System.Text.Json.JsonElement.Parse("""{"equals":{"device":"room"}}"""),
        };
        (await _api.ExecuteAsync(request, CancellationToken.None)).Error.ShouldBeNull();
        await using var sensors = await StartAsync(Simulated());

        await MeasuredAsync(sensors, 1);

        sink.Heard.Single()["result"]!["_source"]!["device"]!.GetValue<string>().ShouldBe("room");
        _store.Catalogue.Indexes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_topic_gets_each_reading_as_well()
    {
        await using var sensors = await StartAsync(Simulated() with { Topic = "room/temperature" });

        await MeasuredAsync(sensors, 1);

        var (topic, json, retention) = _topics.Published.ShouldHaveSingleItem();
        (topic, retention).ShouldBe(("room/temperature", Retention.Passing));
        JsonNode.Parse(json)!["device"]!.GetValue<string>().ShouldBe("room");
    }

    [Fact]
    public async Task A_chip_that_goes_away_is_in_the_state_and_is_asked_more_and_more_rarely_until_it_is_back()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Temperature)!);
        await File.WriteAllTextAsync(Temperature, "20000\n");
        await using var sensors = await StartAsync(Simulated() with { Source = SensorSourceKind.Hwmon, Channel = "temp1", Store = ReadingStorage.Last });
        await MeasuredAsync(sensors, 1);

        File.Delete(Temperature);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await FailedAsync(sensors, 1);
        sensors.States[0].Fault.ShouldBe($"{Temperature} is gone.");
        sensors.States[0].FailingSince.ShouldBe(_clock.GetUtcNow());

        await AdvanceToNextAttemptAsync(sensors);
        await FailedAsync(sensors, 2);
        await AdvanceToNextAttemptAsync(sensors);
        await FailedAsync(sensors, 3);
        (sensors.States[0].NextAttemptAt - _clock.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(40));

        await File.WriteAllTextAsync(Temperature, "21000\n");
        await AdvanceToNextAttemptAsync(sensors);
        await MeasuredAsync(sensors, 2);
        sensors.States[0].Fault.ShouldBeNull();
        sensors.States[0].Channels[0].Value.ShouldBe(21);
        sensors.States[0].Status.ShouldBe(SensorStatus.Ok);
    }

    [Fact]
    public async Task A_chip_of_which_one_channel_fails_is_asked_as_often_as_before()
    {
        var second = Path.Combine(_sysfs, "class", "hwmon", "hwmon0", "temp2_input");
        Directory.CreateDirectory(Path.GetDirectoryName(Temperature)!);
        await File.WriteAllTextAsync(Temperature, "20000\n");
        await File.WriteAllTextAsync(second, "30000\n");
        await using var sensors = await StartAsync(Simulated() with
        {
            Source = SensorSourceKind.Hwmon,
            Channels = [new ChannelOptions { Channel = "temp1" }, new ChannelOptions { Channel = "temp2" }],
        });
        await MeasuredAsync(sensors, 1);

        File.Delete(second);
        for (var failures = 1; failures <= 4; failures++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await FailedAsync(sensors, failures);
            sensors.States[0].NextAttemptAt.ShouldBe(_clock.GetUtcNow().AddSeconds(10));
            sensors.States[0].Measured.ShouldBe(1 + failures);
        }

        File.Delete(Temperature);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await FailedAsync(sensors, 5);
        sensors.States[0].NextAttemptAt.ShouldBe(_clock.GetUtcNow().AddSeconds(10), "it is the first time that nothing answers");
        await AdvanceToNextAttemptAsync(sensors);
        sensors.States[0].NextAttemptAt.ShouldBe(_clock.GetUtcNow().AddSeconds(20));
    }

    [Fact]
    public async Task Readings_that_the_store_refuses_wait_and_are_stored_when_it_can_again()
    {
        await using var sensors = await StartAsync(Simulated() with { Store = ReadingStorage.All });
        await MeasuredAsync(sensors, 1);

        _store.Failure = "The disk is full.";
        _clock.Advance(TimeSpan.FromSeconds(10));
        await FailedAsync(sensors, 1);
        sensors.States[0].Waiting.ShouldBe(1);
        sensors.States[0].Fault!.ShouldContain("The disk is full.");

        _store.Failure = null;
        await AdvanceToNextAttemptAsync(sensors);
        await UntilAsync(() => sensors.States[0] is { Waiting: 0, Fault: null });
        (await StoredAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public void All_faults_of_a_sensor_are_told()
    {
        var faults = new SensorOptions { Name = "a b", Source = SensorSourceKind.Simulated, Interval = TimeSpan.Zero, Topic = "a/#", Amplitude = -1 }.FindFaults();

        faults.Select(fault => fault.Key).ShouldBe(["name", "interval", "amplitude", "topic"]);
    }

    [Fact]
    public void Two_sensors_of_one_name_are_refused() =>
        Should.Throw<ArgumentException>(() => Create(Simulated(), Simulated())).Message.ShouldContain("'room'");

    private static SensorOptions Simulated() => new() { Name = "room", Source = SensorSourceKind.Simulated };

    private async Task<SensorService> StartAsync(params SensorOptions[] sensors)
    {
        var service = Create(sensors);
        await service.StartAsync(CancellationToken.None);
        return service;
    }

    private SensorService Create(params SensorOptions[] sensors) => new(
        new SensorServiceOptions { Sensors = [.. sensors.Select(sensor => new SensorDefinition(sensor, []))] },
        new SensorNeighbours
        {
            Api = _api,
            Topics = _topics,
            Wall = _wall,
            ReadDefinition = _ => new DefinitionResult(null, ["nothing is right here"]),
            Board = new SensorBoard { Sysfs = _sysfs },
        },
        _clock,
        NullLoggerFactory.Instance);

    private async Task<IReadOnlyList<StoredDocument>> StoredAsync()
    {
        var found = await _store.SearchAsync(new SearchRequest { Targets = [Readings], Size = 100 }, CancellationToken.None);
        return [.. found.Hits.Select(hit => hit.Document)];
    }

    // The service works on threads of its own: the clock is ours, but a tick's work is over when the state says so.
    private async Task AdvanceToNextAttemptAsync(SensorService sensors)
    {
        var before = sensors.States[0];
        _clock.Advance(before.NextAttemptAt!.Value - _clock.GetUtcNow());
        await DoneAsync(sensors, () => sensors.States[0].Measured + sensors.States[0].Failed > before.Measured + before.Failed);
    }

    private static Task MeasuredAsync(SensorService sensors, long count) => DoneAsync(sensors, () => sensors.States[0] is { Waiting: 0, Fault: null } state && state.Measured >= count);

    private static Task FailedAsync(SensorService sensors, long count) => DoneAsync(sensors, () => sensors.States[0].Failed >= count);

    /// <summary>Waits until it is so, and the thread that has read is free again: turning the clock before that makes nothing due.</summary>
    private static async Task DoneAsync(SensorService sensors, Func<bool> condition)
    {
        await UntilAsync(condition);
        await sensors.ProbeAsync(CancellationToken.None);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition()) await timer.WaitForNextTickAsync(limit.Token);
    }

    private sealed class RecordingSink : INotificationSink
    {
        public List<JsonObject> Heard { get; } = [];

        public void Join(ClientConnection connection, string channel)
        {
        }

        public void Leave(ClientConnection connection, string channel)
        {
        }

        public void Broadcast(Notification notification) => Heard.Add(JsonNode.Parse(notification.Json.Span)!.AsObject());

        public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json) => throw new NotSupportedException();
    }
}
