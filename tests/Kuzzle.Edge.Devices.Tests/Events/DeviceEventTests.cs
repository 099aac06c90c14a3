using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Devices.Tests.Sensors;

namespace Kuzzle.Edge.Devices.Tests.Events;

public sealed class DeviceEventTests : IAsyncLifetime
{
    private FleetFixture _fleet = null!;

    public async Task InitializeAsync() => _fleet = await FleetFixture.StartAsync();

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task An_event_that_is_not_stored_is_a_message()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");
        await _fleet.SubscribeAsync("events", """{"range":{"data.value":{"gt":30}}}""");

        (await _fleet.SayAsync("pump", "temp", """{"value":31}""")).Fate.ShouldBe(EventFate.Accepted);
        (await _fleet.SayAsync("pump", "temp", """{"value":29}""")).Fate.ShouldBe(EventFate.Accepted);

        lock (_fleet.Heard) ((int)_fleet.Heard.Single()["result"]!["_source"]!["data"]!["value"]!).ShouldBe(31);
        (await _fleet.StoredAsync("events")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("all", 3)]
    [InlineData("last", 2)]
    [InlineData("none", 0)]
    public async Task The_store_keeps_what_the_device_or_its_application_says(string store, int documents)
    {
        await _fleet.PlantAsync("""{"edge":{"store":"all"}}""");
        await _fleet.DeviceAsync("pump", $$$"""{"edge":{"store":"{{{store}}}"}}""");

        await _fleet.SayAsync("pump", "temp", """{"value":1}""");
        await _fleet.SayAsync("pump", "temp", """{"value":2}""");
        await _fleet.SayAsync("pump", "level", """{"value":3}""");

        (await _fleet.StoredAsync("events")).Count.ShouldBe(documents);
    }

    [Fact]
    public async Task Rules_drop_reject_and_change_events()
    {
        await _fleet.PlantAsync(
            """
            {"edge":{"store":"all"},"spec":{"publish":{"rules":[
              {"when":{"isChannel":"noise"},"then":["drop"]},
              {"when":{"and":[{"not":{"isChannel":"temp"}},{"or":[{"isChannel":"bad"}]}]},"then":[{"reject":"not here"}]},
              {"when":{"isChannel":"temp"},"then":[{"setAttribute":{"name":"subject","value":"temperature"}},{"setExtension":{"name":"hall","value":"3"}},"break",{"reject":"never"}]},
              {"when":"always","then":[{"reject":"last"}]}]}}}
            """);
        await _fleet.DeviceAsync("pump");

        (await _fleet.SayAsync("pump", "noise")).ShouldBe(EventOutcome.Dropped);
        (await _fleet.SayAsync("pump", "bad")).ShouldBe(new EventOutcome(EventFate.Rejected, "not here"));
        (await _fleet.SayAsync("pump", "other")).Reason.ShouldBe("last");
        (await _fleet.SayAsync("pump", "temp")).Fate.ShouldBe(EventFate.Accepted);

        var stored = (await _fleet.StoredAsync("events")).Single().Source;
        stored.GetProperty("channel").GetString().ShouldBe("temperature");
        stored.GetProperty("ext").GetProperty("hall").GetString().ShouldBe("3");
    }

    [Fact]
    public async Task A_device_that_was_disabled_says_nothing_any_more()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");
        var said = await _fleet.SaidAsync("pump", "temp");
        await _fleet.DoAsync("edge/devices", "disable", """{"application":"plant","_id":"pump"}""");

        (await _fleet.Devices.Events.AcceptAsync(said, CancellationToken.None)).Fate.ShouldBe(EventFate.Rejected);
    }

    [Fact]
    public async Task A_refused_message_is_kept_where_that_is_asked()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");

        await _fleet.Devices.Events.KeepRejectedAsync(
            new RejectedEvent(await _fleet.IdentityAsync("pump"), "a/b/c", "x"u8.ToArray(), _fleet.Clock.GetUtcNow(), "no such topic"), CancellationToken.None);

        (await _fleet.StoredAsync("rejected")).Single().Source.GetProperty("reason").GetString().ShouldBe("no such topic");
    }

    [Fact]
    public async Task An_event_says_whether_its_time_can_be_believed()
    {
        var wall = new ManualWallClock { IsSynchronised = false };
        await _fleet.DisposeAsync();
        _fleet = await FleetFixture.StartAsync(wall: wall);
        await _fleet.PlantAsync("""{"edge":{"store":"all"}}""");
        await _fleet.DeviceAsync("pump");

        await _fleet.SayAsync("pump", "first");
        _fleet.Clock.Advance(TimeSpan.FromMilliseconds(1500));
        wall.IsSynchronised = true;
        await _fleet.SayAsync("pump", "second");

        var clocks = (await _fleet.StoredAsync("events")).ToDictionary(said => said.Source.GetProperty("channel").GetString()!, said => said.Source.GetProperty("clock"));
        clocks["first"].GetProperty("synced").GetBoolean().ShouldBeFalse();
        clocks["second"].GetProperty("synced").GetBoolean().ShouldBeTrue();
        clocks["first"].GetProperty("boot").GetString().ShouldBe("boot-1");
        (clocks["second"].GetProperty("mono").GetInt64() - clocks["first"].GetProperty("mono").GetInt64()).ShouldBe(1500);
    }

    [Fact]
    public async Task Events_that_are_too_old_go_and_the_others_stay()
    {
        await _fleet.PlantAsync("""{"edge":{"store":"all","retention":{"maxAge":600000}}}""");
        await _fleet.DeviceAsync("pump");
        await _fleet.SayAsync("pump", "old");
        _fleet.Clock.Advance(TimeSpan.FromMinutes(9));
        await _fleet.SayAsync("pump", "young");

        await Waiting.TurningAsync(_fleet.Clock, TimeSpan.FromMinutes(2), async () => (await ChannelsAsync()) is ["young"]);
    }

    [Fact]
    public async Task Events_of_before_the_time_was_known_are_as_old_as_they_are_and_not_as_their_time_says()
    {
        var wall = new ManualWallClock { IsSynchronised = false };
        await _fleet.DisposeAsync();
        _fleet = await FleetFixture.StartAsync(wall: wall);
        await _fleet.PlantAsync("""{"edge":{"store":"all","retention":{"maxAge":600000}}}""");
        await _fleet.DeviceAsync("pump");
        await _fleet.SayAsync("pump", "early");
        _fleet.Clock.Set(_fleet.Clock.GetUtcNow().AddYears(1));
        wall.IsSynchronised = true;
        await _fleet.SayAsync("pump", "dated");

        await SweptAsync();
        (await ChannelsAsync()).ShouldBe(["early", "dated"]);

        _fleet.Clock.Advance(TimeSpan.FromMinutes(5));
        await _fleet.SayAsync("pump", "later");
        await Waiting.TurningAsync(_fleet.Clock, TimeSpan.FromMinutes(6), async () => (await ChannelsAsync()) is ["later"]);
    }

    [Fact]
    public async Task Of_too_many_events_the_oldest_go()
    {
        await _fleet.PlantAsync("""{"edge":{"store":"all","retention":{"maxCount":3}}}""");
        await _fleet.DeviceAsync("pump");
        for (var i = 0; i < 450; i++)
        {
            await _fleet.SayAsync("pump", $"c{i}");
            _fleet.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await Waiting.TurningAsync(_fleet.Clock, TimeSpan.FromMinutes(2), async () => (await ChannelsAsync()) is ["c447", "c448", "c449"]);
    }

    [Fact]
    public async Task A_device_with_a_retention_of_its_own_is_not_counted_with_the_others_and_nothing_else_is_touched()
    {
        await _fleet.PlantAsync("""{"edge":{"store":"all","retention":{"maxCount":1}}}""");
        await _fleet.DeviceAsync("pump", """{"edge":{"retention":{"maxCount":2}}}""");
        await _fleet.DeviceAsync("tank");
        await _fleet.DeviceAsync("log", """{"edge":{"collection":"journal"}}""");
        for (var i = 0; i < 4; i++)
        {
            foreach (var device in (string[])["pump", "tank", "log"]) await _fleet.SayAsync(device, $"{device}{i}");
            _fleet.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await _fleet.DoAsync("collection", "create", """{"index":"plant","collection":"recipes"}""");
        await _fleet.DoAsync("document", "create", """{"index":"plant","collection":"recipes","_id":"soup","body":{"datacontenttype":"x"}}""");
        await _fleet.DoAsync("document", "create", """{"index":"plant","collection":"events","_id":"note","body":{"no":"event"}}""");

        await Waiting.TurningAsync(_fleet.Clock, TimeSpan.FromMinutes(2), async () => (await ChannelsAsync()) is ["pump2", "pump3", "tank3"]);
        await Waiting.UntilAsync(async () => (await _fleet.StoredAsync("journal")).Count == 1);
        (await _fleet.StoredAsync("recipes")).Count.ShouldBe(1);
        (await _fleet.StoredAsync("events")).ShouldContain(document => document.Id == "note");
        (await _fleet.StoredAsync("devices")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Commands_and_refused_messages_go_after_a_week_and_what_waits_stays()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");
        await _fleet.DoAsync("edge/commands", "send", """{"application":"plant","device":"pump","command":"done"}""");
        var waiting = await _fleet.DoAsync("edge/commands", "send", """{"application":"plant","device":"pump","command":"waits","ttl":2592000000}""");
        await _fleet.Devices.Events.KeepRejectedAsync(
            new RejectedEvent(await _fleet.IdentityAsync("pump"), "a/b/c", "x"u8.ToArray(), _fleet.Clock.GetUtcNow(), "no such topic"), CancellationToken.None);

        await Waiting.TurningAsync(_fleet.Clock, TimeSpan.FromDays(8), async () => (await _fleet.StoredAsync("commands")).Count == 1 && (await _fleet.StoredAsync("rejected")).Count == 0);

        (await _fleet.StoredAsync("commands")).Single().Id.ShouldBe((string)waiting["id"]!);
    }

    [Fact]
    public async Task A_stored_event_can_be_had_as_a_cloud_event()
    {
        await _fleet.PlantAsync("""{"edge":{"store":"all"},"spec":{"publish":{"rules":[{"when":"always","then":[{"setExtension":{"name":"hall","value":"3"}},{"setExtension":{"name":"Not Allowed","value":"x"}},{"setExtension":{"name":"device","value":"another"}}]}]}}}""");
        await _fleet.DeviceAsync("pump/7 ü");
        await _fleet.SayAsync("pump/7 ü", "temp");
        await _fleet.Devices.Events.AcceptAsync(await _fleet.SaidAsync("pump/7 ü", "raw") with { Data = null, DataContentType = "text/plain", Payload = "21,5"u8.ToArray() }, CancellationToken.None);

        var found = await _fleet.DoAsync("edge/events", "search", """{"application":"plant","format":"cloudevents","body":{"query":{"term":{"channel":"temp"}}}}""");
        var told = found["hits"]![0]!["_source"]!.AsObject();
        var stored = (await _fleet.StoredAsync("events")).Single(said => said.Source.GetProperty("channel").GetString() == "temp");

        ((string)told["specversion"]!, (string)told["type"]!, (string)told["subject"]!).ShouldBe(("1.0", "io.drogue.event.v1", "temp"));
        ((string)told["source"]!, (string)told["partitionkey"]!).ShouldBe(("drogue://plant/pump%2F7%20%C3%BC", "plant/pump%2F7%20%C3%BC"));
        ((string)told["id"]!, (string)told["time"]!).ShouldBe((stored.Id, "2026-01-01T00:00:00.000Z"));
        ((string)told["device"]!, (string)told["hall"]!).ShouldBe(("pump/7 ü", "3"), "nobody changes who it was by an extension");
        told["data"]!.ToJsonString().ShouldBe("""{"value":1}""");
        told.Select(attribute => attribute.Key).Where(name => name is not ("data" or "data_base64")).ShouldAllBe(name => name.All(char.IsAsciiLetterLower));

        var raw = (await _fleet.StoredAsync("events")).Single(said => said.Source.GetProperty("channel").GetString() == "raw");
        var got = await _fleet.DoAsync("edge/events", "get", new JsonObject { ["application"] = "plant", ["_id"] = raw.Id, ["format"] = "cloudevents" }.ToJsonString());
        ((string)got["_source"]!["data_base64"]!, (string)got["_source"]!["datacontenttype"]!).ShouldBe((Convert.ToBase64String("21,5"u8), "text/plain"));
        var plain = await _fleet.DoAsync("edge/events", "get", new JsonObject { ["application"] = "plant", ["_id"] = raw.Id }.ToJsonString());
        ((string)plain["_source"]!["channel"]!).ShouldBe("raw");
    }

    [Theory]
    [InlineData("get", """{"application":"plant","_id":"nobody"}""", 404)]
    [InlineData("get", """{"application":"nowhere","_id":"x"}""", 404)]
    [InlineData("get", """{"application":"plant","_id":"x","format":"avro"}""", 400)]
    [InlineData("search", """{"application":"plant","collection":"devices"}""", 400)]
    public async Task Asking_for_events_that_cannot_be_had_says_why(string action, string request, int status)
    {
        await _fleet.PlantAsync();

        (await _fleet.AskAsync("edge/events", action, request)).Error.ShouldNotBeNull().Status.ShouldBe(status);
    }

    /// <summary>Everything was looked through at least once: what is certainly too old has gone twice, and the second time is after the first has come to its end.</summary>
    private async Task SweptAsync()
    {
        for (var time = 0; time < 2; time++)
        {
            var old = new RejectedEvent(await _fleet.IdentityAsync("pump"), "a/b/c", "x"u8.ToArray(), _fleet.Clock.GetUtcNow().AddDays(-8), "no such topic");
            await _fleet.Devices.Events.KeepRejectedAsync(old, CancellationToken.None);
            await Waiting.TurningAsync(_fleet.Clock, TimeSpan.FromMinutes(1), async () => (await _fleet.StoredAsync("rejected")).Count == 0);
        }
    }

    private async Task<List<string>> ChannelsAsync() =>
        [.. (await _fleet.StoredAsync("events")).Where(said => said.Source.TryGetProperty("channel", out _)).Select(said => said.Source.GetProperty("channel").GetString()!)];
}
