using System.Text;
using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>Subscriptions to commands, and their delivery.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("command/inbox/#", 0)]
    [InlineData("command/inbox/+/#", 0)]
    [InlineData("command/inbox//#", 0)]
    [InlineData("command/inbox/dev2/#", 0)]
    [InlineData("command/inbox/nobody/#", 0)]
    [InlineData("command/inbox/dev2/set-temp", 0x80)]
    [InlineData("command/inbox/+/set-temp", 0x80)]
    [InlineData("command/inbox/dev2/x/#", 0x80)]
    [InlineData("command/inbox///#", 0x80)]
    [InlineData("command/+/dev2/#", 0x80)]
    [InlineData("command/inbox", 0x80)]
    [InlineData("command/inbox/", 0x80)]
    [InlineData("command/#", 0x80)]
    [InlineData("#", 0x80)]
    [InlineData("temp/#", 0x80)]
    [InlineData("$SYS/#", 0x80)]
    [InlineData("$share/g/command/inbox/#", 0x80)]
    public async Task A_filter_is_granted_at_qos_0_or_refused_alone_and_the_connection_stays(string filter, byte code)
    {
        foreach (var version in new[] { 4, 5 })
        {
            await using var gateway = new DeviceGateway();
            var client = await gateway.ConnectAsync(version);

            var codes = await client.SubscribeAsync(properties: null, (filter, 0), (filter, 1), ("command/inbox//#", 1), (filter, 2));

            codes.ShouldBe([code, code, 0, code]);
            await client.ShouldBeAliveAndHearNothingAsync();
        }
    }

    [Fact]
    public async Task A_subscription_identifier_is_refused_for_every_filter()
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version: 5);

        var codes = await client.SubscribeAsync([0x0B, 1], ("command/inbox/#", 0), ("temp", 0));

        codes.ShouldBe([0xA1, 0xA1]);
        await client.ShouldBeAliveAndHearNothingAsync();
    }

    [Fact]
    public async Task Unsubscribing_ends_what_there_is_and_says_what_there_is_not()
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version: 5);
        await client.SubscribeAsync("command/inbox//#");

        (await client.UnsubscribeAsync("command/inbox//#", "command/inbox/#", "temp")).ShouldBe([0, 0x11, 0x11]);

        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("+gw1"));
        (await gateway.Registry.SendAsync(Command("gw1"))).ShouldBeEmpty();
        var old = await gateway.ConnectAsync(version: 4, "dev2", "two");
        await old.SubscribeAsync("command/inbox//#");
        (await old.UnsubscribeAsync("command/inbox//#", "never")).ShouldBeEmpty();
        await old.ShouldBeAliveAndHearNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_command_is_delivered_when_the_device_has_acknowledged_it(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        await SubscribeAsync(gateway, client, "command/inbox//#");

        var sending = gateway.Registry.SendAsync(Command("gw1") with { WantsAcknowledgement = true });
        var command = await client.CommandAsync();
        await client.ShouldBeAliveAndHearNothingAsync();
        sending.IsCompleted.ShouldBeFalse();
        await client.AcknowledgeAsync(command.Id);

        (await sending).ShouldBe([CommandDelivery.Delivered]);
        command.ShouldBe(new CommandFields("command/inbox//set", "21", Qos: 1, command.Id, Retain: false));
    }

    [Fact]
    public async Task A_command_that_the_device_refuses_is_not_delivered()
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version: 5);
        await SubscribeAsync(gateway, client, "command/inbox//#");

        var sending = gateway.Registry.SendAsync(Command("gw1") with { WantsAcknowledgement = true });
        var command = await client.CommandAsync();
        await client.SendAsync(0x40, 0, (byte)command.Id, 0x83);

        (await sending).ShouldBe([CommandDelivery.Refused]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_command_whose_device_goes_before_it_acknowledges_is_lost_and_said_to_be(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        await SubscribeAsync(gateway, client, "command/inbox//#");

        var sending = gateway.Registry.SendAsync(Command("gw1") with { WantsAcknowledgement = true });
        _ = await client.CommandAsync();
        await client.DieAsync();

        (await sending).ShouldBe([CommandDelivery.Lost]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Two_filters_that_overlap_get_a_copy_each_and_one_acknowledgement_is_enough(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        await SubscribeAsync(gateway, client, "command/inbox/#");
        await client.SubscribeAsync("command/inbox/gw1/#");
        await client.SubscribeAsync("command/inbox/#");

        var sending = gateway.Registry.SendAsync(Command("gw1") with { WantsAcknowledgement = true });
        var copies = new[] { await client.CommandAsync(), await client.CommandAsync() };
        await client.ShouldBeAliveAndHearNothingAsync();
        await client.AcknowledgeAsync(copies[1].Id);

        (await sending).ShouldBe([CommandDelivery.Delivered]);
        copies.Select(copy => copy.Topic).ShouldBe(["command/inbox//set", "command/inbox/gw1/set"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_thirty_third_command_waits_for_an_acknowledgement(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        await SubscribeAsync(gateway, client, "command/inbox//#");
        var session = gateway.Registry.SessionOf("gw1");
        var command = Command("gw1") with { WantsAcknowledgement = true };

        var sending = Enumerable.Range(0, 33).Select(_ => session.DeliverAsync(command, CancellationToken.None)).ToList();
        for (var i = 0; i < 32; i++) _ = await client.CommandAsync();
        await client.ShouldBeAliveAndHearNothingAsync();
        await client.AcknowledgeAsync(1);

        (await client.CommandAsync()).Id.ShouldBe(33);
        (await sending[0]).ShouldBe(CommandDelivery.Delivered);
        await client.DieAsync();
        (await Task.WhenAll(sending)).Count(outcome => outcome == CommandDelivery.Lost).ShouldBe(32);
    }

    [Fact]
    public async Task A_client_with_a_smaller_receive_maximum_gets_no_more_at_once()
    {
        await using var gateway = new DeviceGateway();
        var client = gateway.Open(5);
        await client.ConnectAsync(user: "gw1@app1", password: "secret", properties: [0x21, 0, 1]);
        await SubscribeAsync(gateway, client, "command/inbox//#");
        var session = gateway.Registry.SessionOf("gw1");
        var command = Command("gw1") with { WantsAcknowledgement = true };

        var sending = new[] { session.DeliverAsync(command, CancellationToken.None), session.DeliverAsync(command, CancellationToken.None) };
        var first = await client.CommandAsync();
        await client.ShouldBeAliveAndHearNothingAsync();
        await client.AcknowledgeAsync(first.Id);
        await client.AcknowledgeAsync((await client.CommandAsync()).Id);

        (await Task.WhenAll(sending)).ShouldBe([CommandDelivery.Delivered, CommandDelivery.Delivered]);
    }

    [Fact]
    public async Task A_command_that_nobody_wants_any_more_is_not_waited_for()
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync();
        await SubscribeAsync(gateway, client, "command/inbox//#");
        using var expiry = new CancellationTokenSource();

        var sending = gateway.Registry.SessionOf("gw1").DeliverAsync(Command("gw1") with { WantsAcknowledgement = true }, expiry.Token);
        var command = await client.CommandAsync();
        await expiry.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        await client.AcknowledgeAsync(command.Id);
        await client.ShouldBeAliveAndHearNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_payload_may_be_empty_and_a_name_have_slashes_but_no_wildcards(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        await SubscribeAsync(gateway, client, "command/inbox/#");

        (await gateway.Registry.SendAsync(new DeviceCommand("1", "dev2", "a/b", default))).ShouldBe([CommandDelivery.Delivered]);
        (await gateway.Registry.SendAsync(new DeviceCommand("2", "dev2", "a+b", default))).ShouldBe([CommandDelivery.Unsendable]);

        (await client.CommandAsync()).ShouldBe(new CommandFields("command/inbox/dev2/a/b", "", 0, 0, Retain: false));
    }

    [Fact]
    public async Task A_command_larger_than_the_client_takes_is_not_sent()
    {
        await using var gateway = new DeviceGateway();
        var client = gateway.Open(5);
        await client.ConnectAsync(user: "gw1@app1", password: "secret", properties: [0x27, 0, 0, 0, 100]);
        await SubscribeAsync(gateway, client, "command/inbox/#");

        foreach (var wantsAcknowledgement in new[] { false, true })
        {
            var command = new DeviceCommand("1", "gw1", "set", new byte[200]) { WantsAcknowledgement = wantsAcknowledgement };
            (await gateway.Registry.SendAsync(command)).ShouldBe([CommandDelivery.Unsendable]);
        }

        await client.ShouldBeAliveAndHearNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Whoever_asks_for_a_device_that_does_not_list_it_is_granted_and_hears_nothing(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        foreach (var filter in new[] { "command/inbox/dev3/#", "command/inbox/nobody/#" }) (await client.SubscribeAsync(filter)).ShouldBe((byte)0);
        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("?gw1"));

        (await gateway.Registry.SendAsync(Command("dev3"))).ShouldBeEmpty();
        (await gateway.Registry.SendAsync(Command("nobody"))).ShouldBeEmpty();

        await client.ShouldBeAliveAndHearNothingAsync();
    }

    [Fact]
    public async Task A_device_and_its_gateway_both_get_a_command()
    {
        await using var gateway = new DeviceGateway();
        var proxy = await gateway.ConnectAsync();
        await SubscribeAsync(gateway, proxy, "command/inbox/+/#");
        var device = await gateway.ConnectAsync(version: 5, "dev2", "two");
        await device.SubscribeAsync("command/inbox//#");
        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("?dev2"));

        (await gateway.Registry.SendAsync(Command("dev2"))).Count.ShouldBe(2);

        (await proxy.CommandAsync()).Topic.ShouldBe("command/inbox/dev2/set");
        (await device.CommandAsync()).Topic.ShouldBe("command/inbox//set");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Whoever_asks_by_an_alias_gets_the_commands_under_that_name_and_the_others_under_theirs(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);
        await SubscribeAsync(gateway, client, "command/inbox/second/#");
        await client.SubscribeAsync("command/inbox/me/#");
        await client.SubscribeAsync("command/inbox//#");

        await gateway.Registry.SendAsync(Command("dev2") with { Aliases = ["second"] });
        await gateway.Registry.SendAsync(Command("gw1") with { Aliases = ["me", "myself"] });
        (await gateway.Registry.SendAsync(Command("dev2") with { Aliases = ["third"] })).ShouldBeEmpty();

        (await client.CommandAsync()).Topic.ShouldBe("command/inbox/second/set");
        var own = new[] { await client.CommandAsync(), await client.CommandAsync() };
        own.Select(command => command.Topic).ShouldBe(["command/inbox/me/set", "command/inbox//set"], ignoreOrder: true);
        await client.ShouldBeAliveAndHearNothingAsync();
    }

    private static DeviceCommand Command(string device) => new("1", device, "set", Encoding.UTF8.GetBytes("21"));

    private static async Task SubscribeAsync(DeviceGateway gateway, DeviceClient client, string filter)
    {
        (await client.SubscribeAsync(filter)).ShouldBe((byte)0);
        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("?gw1"));
    }
}
