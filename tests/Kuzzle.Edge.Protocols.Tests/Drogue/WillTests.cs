using System.Text;
using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>Wills, and the coming and going of devices.</summary>
public sealed class WillTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_connection_that_breaks_leaves_its_will_and_then_its_absence(int version)
    {
        foreach (var dialect in DeviceGateway.Dialects)
        {
            await using var gateway = DeviceGateway.Speaking(dialect);
            var client = await gateway.ConnectAsync(version, will: ("a/b/dev2", "21,5"));

            await client.DieAsync();

            await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("-gw1"));
            gateway.Registry.Happened.ShouldBe(["+gw1", "gw1/a/b/dev2", "-gw1"]);
            var said = gateway.Registry.Events.Single();
            (said.Sender, said.DataContentType, Encoding.UTF8.GetString(said.Payload.Span)).ShouldBe(("gw1", "application/octet-stream", "21,5"));
        }
    }

    [Theory]
    [InlineData(4, -1, false)]
    [InlineData(5, -1, false)]
    [InlineData(5, 0x00, false)]
    [InlineData(5, 0x04, true)]
    [InlineData(5, 0x80, true)]
    public async Task A_goodbye_takes_the_will_back_unless_it_says_otherwise(int version, int code, bool isLeft)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version, will: ("last", "1"));

        if (code < 0) await client.DisconnectAsync();
        else await client.SendAsync(0xE0, (byte)code);

        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("-gw1"));
        gateway.Registry.Events.Count.ShouldBe(isLeft ? 1 : 0);
    }

    [Fact]
    public async Task A_will_has_the_content_type_it_says_and_waits_for_no_delay()
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(5, will: ("last", "x"), willProperties: [0x18, 0, 0, 1, 0, .. DeviceClient.ContentType("text/plain")]);

        await client.DieAsync();

        await gateway.Registry.WhenAsync(() => gateway.Registry.Events.Count == 1);
        gateway.Registry.Events[0].DataContentType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task A_will_that_is_not_the_json_it_claims_is_no_event()
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(5, will: ("last", "{"), willProperties: DeviceClient.ContentType("application/json"));

        await client.DieAsync();

        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("-gw1"));
        gateway.Registry.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_device_has_gone_only_when_all_it_said_is_settled()
    {
        await using var gateway = new DeviceGateway();
        var disk = new TaskCompletionSource<EventOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Registry.Accepting = said => said.Channel == "last" ? Task.FromResult(EventOutcome.Accepted) : disk.Task;
        var client = await gateway.ConnectAsync(will: ("last", "1"));

        await client.PublishAsync("temp", "1");
        await client.ShouldBeAliveAndHearNothingAsync();
        await client.DieAsync();
        gateway.Registry.Happened.ShouldBe(["+gw1", "gw1/temp"]);
        disk.SetResult(EventOutcome.Accepted);

        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("-gw1"));
        gateway.Registry.Happened.ShouldBe(["+gw1", "gw1/temp", "gw1/last", "-gw1"]);
    }

    [Fact]
    public async Task A_will_that_cannot_be_stored_does_not_hide_that_the_device_has_gone()
    {
        await using var gateway = new DeviceGateway();
        gateway.Registry.Accepting = _ => Task.FromException<EventOutcome>(new IOException("the disk has gone"));
        var client = await gateway.ConnectAsync(will: ("last", "1"));

        await client.DieAsync();

        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("-gw1"));
        gateway.Registry.Happened.ShouldBe(["+gw1", "gw1/last", "-gw1"]);
    }

    [Fact]
    public async Task The_wills_of_all_are_left_when_the_gateway_stops()
    {
        var gateway = new DeviceGateway();
        await gateway.ConnectAsync(will: ("last", "1"));
        await gateway.ConnectAsync(5, "dev2", "two", will: ("last", "2"));

        await gateway.DisposeAsync();

        gateway.Registry.Happened.Order(StringComparer.Ordinal).ShouldBe(["+dev2", "+gw1", "-dev2", "-gw1", "dev2/last", "gw1/last"]);
    }
}
