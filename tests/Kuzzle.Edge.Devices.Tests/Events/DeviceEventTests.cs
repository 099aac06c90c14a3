using Kuzzle.Edge.Api.Devices;

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
}
