using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Protocols.Drogue;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>What is accepted and what is rejected, by version and quality of service.</summary>
public sealed class PublishingTests
{
    /// <summary>Each way to be rejected: the topic, what the registry says of the event, and the reason code. 3.1.1 knows no content type.</summary>
    public static TheoryData<string, EventFate, byte> Rejections => new()
    {
        { "a/b/c", EventFate.Accepted, 0x90 },
        { "", EventFate.Accepted, 0x90 },
        { "/dev2", EventFate.Accepted, 0x90 },
        { "temp/dev3", EventFate.Accepted, 0x87 },
        { "temp/nope", EventFate.Accepted, 0x87 },
        { "temp/", EventFate.Accepted, 0x87 },
        { "temp", EventFate.Rejected, 0x80 },
        { "temp", EventFate.Overloaded, 0x97 },
        { "temp", EventFate.Failed, 0x80 },
    };

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task Mqtt_5_at_qos_0_drops_what_is_rejected(string topic, EventFate fate, byte code)
    {
        await using var gateway = Deciding(fate);
        var client = await gateway.ConnectAsync(version: 5);

        await client.PublishAsync(topic, "1");

        await client.ShouldBeAliveAndHearNothingAsync();
        gateway.Registry.Events.Count.ShouldBe(topic == "temp" ? 1 : 0, $"0x{code:X2}");
    }

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task Mqtt_5_at_qos_1_tells_why_and_goes_on(string topic, EventFate fate, byte code)
    {
        await using var gateway = Deciding(fate);
        var client = await gateway.ConnectAsync(version: 5);

        await client.PublishAsync(topic, "1", qos: 1, id: 5);

        (await client.AcknowledgementAsync(4, 5)).ShouldBe(code);
        await client.ShouldBeAliveAndHearNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task Mqtt_5_at_qos_2_tells_why_in_pubrec_and_the_identifier_is_free(string topic, EventFate fate, byte code)
    {
        await using var gateway = Deciding(fate);
        var client = await gateway.ConnectAsync(version: 5);

        await client.PublishAsync(topic, "1", qos: 2, id: 5);
        (await client.AcknowledgementAsync(5, 5)).ShouldBe(code);

        gateway.Registry.Accepting = _ => Task.FromResult(EventOutcome.Accepted);
        await client.PublishAsync("other", "1", qos: 2, id: 5);
        (await client.AcknowledgementAsync(5, 5)).ShouldBe((byte)0);
        await client.SendAsync(0x62, 0, 5);
        (await client.AcknowledgementAsync(7, 5)).ShouldBe((byte)0);
        gateway.Registry.Events[^1].Channel.ShouldBe("other");
    }

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task Mqtt_3_at_qos_0_drops_what_is_rejected_and_goes_on(string topic, EventFate fate, byte code)
    {
        await using var gateway = Deciding(fate);
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(topic, "1");

        await client.ShouldBeAliveAndHearNothingAsync();
        gateway.Registry.Rejected.ShouldBeEmpty($"0x{code:X2}");
    }

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task Mqtt_3_at_qos_1_and_2_closes_without_an_acknowledgement(string topic, EventFate fate, byte code)
    {
        await using var gateway = Deciding(fate);
        foreach (var qos in new[] { 1, 2 })
        {
            var client = await gateway.ConnectAsync(will: ("last", "words"));

            await client.PublishAsync(topic, "1", qos, id: 5);

            await client.ShouldBeClosedSilentlyAsync();
            await client.WhenGoneAsync();
        }

        await gateway.Registry.WhenAsync(() => gateway.Registry.Events.Count(said => said.Channel == "last") == 2);
        gateway.Registry.Rejected.ShouldBeEmpty($"0x{code:X2}");
    }

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task Mqtt_3_can_be_acknowledged_what_is_rejected_and_kept(string topic, EventFate fate, byte code)
    {
        await using var gateway = Deciding(fate, new DrogueOptions { RejectV311 = RejectionV311.Acknowledge });
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(topic, "21,5", qos: 1, id: 5);
        (await client.AcknowledgementAsync(4, 5)).ShouldBe((byte)0);
        await client.PublishAsync(topic, "21,5", qos: 2, id: 6);
        (await client.AcknowledgementAsync(5, 6)).ShouldBe((byte)0);
        await client.SendAsync(0x62, 0, 6);
        (await client.AcknowledgementAsync(7, 6)).ShouldBe((byte)0);

        gateway.Registry.Rejected.Count.ShouldBe(2);
        var kept = gateway.Registry.Rejected.First();
        kept.Topic.ShouldBe(topic, $"0x{code:X2}");
        Encoding.UTF8.GetString(kept.Payload.Span).ShouldBe("21,5");
        kept.Reason.ShouldNotBeNullOrEmpty();
        await client.ShouldBeAliveAndHearNothingAsync();
    }

    [Fact]
    public async Task Nothing_is_acknowledged_that_could_not_even_be_kept()
    {
        await using var gateway = new DeviceGateway(new DrogueOptions { RejectV311 = RejectionV311.Acknowledge });
        gateway.Registry.Keeping = new EventOutcome(EventFate.Failed);
        var client = await gateway.ConnectAsync();

        await client.PublishAsync("a/b/c", "1", qos: 1, id: 5);

        await client.ShouldBeClosedSilentlyAsync();
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task A_registry_that_cannot_be_asked_is_no_statement_about_the_right(int version, int qos)
    {
        await using var gateway = new DeviceGateway();
        gateway.Registry.IsUnavailable = true;
        var client = await gateway.ConnectAsync(version);

        await client.PublishAsync("temp/dev2", "1", qos, id: 5);

        if (version == 5 && qos > 0) (await client.AcknowledgementAsync(3 + qos, 5)).ShouldBe((byte)0x80);
        if (version == 4 && qos > 0) await client.ShouldBeClosedSilentlyAsync();
        else await client.ShouldBeAliveAndHearNothingAsync();
        gateway.Registry.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task What_comes_behind_a_disconnect_is_no_event_and_not_acknowledged(int version, int qos)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);

        await client.DisconnectAsync();
        await client.PublishIfOpenAsync("temp", "1", qos, id: 5);

        await client.ShouldBeClosedSilentlyAsync();
        await gateway.Registry.WhenAsync(() => gateway.Registry.Happened.Contains("-gw1"));
        gateway.Registry.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 4)]
    [InlineData(2, 5)]
    public async Task Mqtt_5_is_told_when_its_json_is_none(int qos, int answer)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version: 5);

        await client.PublishAsync("temp", "{", qos, id: 5, DeviceClient.ContentType("application/json"));

        if (qos > 0) (await client.AcknowledgementAsync(answer, 5)).ShouldBe((byte)0x80);
        await client.ShouldBeAliveAndHearNothingAsync();
        gateway.Registry.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4, EventFate.Accepted)]
    [InlineData(5, EventFate.Accepted)]
    [InlineData(4, EventFate.Dropped)]
    [InlineData(5, EventFate.Dropped)]
    public async Task What_is_accepted_or_dropped_by_a_rule_is_acknowledged(int version, EventFate fate)
    {
        await using var gateway = Deciding(fate);
        var client = await gateway.ConnectAsync(version);

        await client.PublishAsync("temp", "0");
        await client.PublishAsync("temp/dev2", "1", qos: 1, id: 1);
        await client.PublishAsync("temp/gw1", "2", qos: 2, id: 2);

        (await client.AcknowledgementAsync(4, 1)).ShouldBe((byte)0);
        (await client.AcknowledgementAsync(5, 2)).ShouldBe((byte)0);
        await client.SendAsync(0x62, 0, 2);
        (await client.AcknowledgementAsync(7, 2)).ShouldBe((byte)0);
        gateway.Registry.Events.Select(said => said.Device).ShouldBe(["gw1", "dev2", "gw1"]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_message_at_qos_2_that_is_repeated_is_one_event(int version)
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version);

        await client.PublishAsync("temp", "1", qos: 2, id: 3);
        _ = await client.AcknowledgementAsync(5, 3);
        await client.PublishAsync("temp", "1", qos: 2, id: 3, dup: true);
        _ = await client.AcknowledgementAsync(5, 3);
        await client.SendAsync(0x62, 0, 3);
        _ = await client.AcknowledgementAsync(7, 3);

        gateway.Registry.Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_the_registry_has_answered_and_all_in_its_order()
    {
        await using var gateway = new DeviceGateway();
        var commits = new Dictionary<string, TaskCompletionSource<EventOutcome>>
        {
            ["a"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
            ["b"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        };
        gateway.Registry.Accepting = said => commits[said.Channel].Task;
        var client = await gateway.ConnectAsync(version: 5);

        await client.PublishAsync("a", "1", qos: 1, id: 1);
        await client.PublishAsync("b", "2", qos: 1, id: 2);
        await client.ShouldBeAliveAndHearNothingAsync();
        commits["b"].SetResult(EventOutcome.Accepted);
        await client.ShouldBeAliveAndHearNothingAsync();
        commits["a"].SetResult(EventOutcome.Accepted);

        (await client.AcknowledgementAsync(4, 1)).ShouldBe((byte)0);
        (await client.AcknowledgementAsync(4, 2)).ShouldBe((byte)0);
    }

    [Fact]
    public async Task Nothing_behind_a_message_that_closes_the_connection_is_acknowledged()
    {
        await using var gateway = new DeviceGateway();
        var first = new TaskCompletionSource<EventOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Registry.Accepting = said => said.Channel == "a" ? first.Task : Task.FromResult(EventOutcome.Accepted);
        var client = await gateway.ConnectAsync();

        await client.PublishAsync("a", "1", qos: 1, id: 1);
        await client.PublishAsync("b", "2", qos: 1, id: 2);
        await client.ShouldBeAliveAndHearNothingAsync();
        first.SetResult(new EventOutcome(EventFate.Rejected));

        await client.ShouldBeClosedSilentlyAsync();
    }

    [Fact]
    public async Task Events_come_in_the_order_of_their_messages_though_one_of_them_looks_its_device_up()
    {
        await using var gateway = new DeviceGateway();
        var lookup = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Registry.LookingUp = lookup.Task;
        var client = await gateway.ConnectAsync();

        await client.PublishAsync("first/dev2", "1");
        await client.PublishAsync("second", "2");
        await client.PublishAsync("third/dev2", "3");
        await client.ShouldBeAliveAndHearNothingAsync();
        gateway.Registry.Events.ShouldBeEmpty();
        lookup.SetResult();

        await gateway.Registry.WhenAsync(() => gateway.Registry.Events.Count == 3);
        gateway.Registry.Events.Select(said => said.Channel).ShouldBe(["first", "second", "third"]);
    }

    [Fact]
    public async Task A_client_whose_messages_are_not_answered_is_not_read_for_ever_and_loses_none()
    {
        await using var gateway = new DeviceGateway();
        var disk = new TaskCompletionSource<EventOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Registry.Accepting = _ => disk.Task;
        var client = await gateway.ConnectAsync();

        for (var id = 1; id <= 200; id++) await client.PublishAsync("temp", "1", qos: 1, id);
        await gateway.Registry.WhenAsync(() => gateway.Registry.Events.Count >= 64);
        gateway.Registry.Events.Count.ShouldBe(64);
        disk.SetResult(EventOutcome.Accepted);

        for (var id = 1; id <= 200; id++) (await client.AcknowledgementAsync(4, id)).ShouldBe((byte)0);
        gateway.Registry.Events.Count.ShouldBe(200);
    }

    [Fact]
    public async Task An_event_says_all_that_its_message_said()
    {
        await using var gateway = new DeviceGateway();
        var client = await gateway.ConnectAsync(version: 5);

        await client.PublishAsync(
            "temp/dev2",
            """{"a":1,"a":2}""",
            qos: 1,
            id: 1,
            [.. DeviceClient.ContentType("Application/JSON; charset=utf-8"), .. DeviceClient.UserProperty("k", "v"), .. DeviceClient.UserProperty("k", "w")],
            retain: true);
        _ = await client.AcknowledgementAsync(4, 1);

        var said = gateway.Registry.Events.Single();
        (said.Application, said.ApplicationUid, said.Device, said.DeviceUid, said.Sender, said.SenderUid)
            .ShouldBe(("app1", "uid-app1", "dev2", "uid-dev2", "gw1", "uid-gw1"));
        (said.Channel, said.DataContentType, said.ContentType).ShouldBe(("temp", "application/json", "Application/JSON; charset=utf-8"));
        said.Data!.Value.GetRawText().ShouldBe("""{"a":2}""");
        said.Extensions.ShouldBe([KeyValuePair.Create("k", "v"), KeyValuePair.Create("k", "w")]);
    }

    [Fact]
    public async Task Nothing_that_a_device_publishes_reaches_anybody_through_the_broker()
    {
        await using var gateway = new DeviceGateway();
        var heard = new List<string>();
        await using var listening = await ((Broker.IMqttBroker)gateway.Broker).SubscribeAsync("#", (message, _) =>
        {
            lock (heard) heard.Add(message.Topic);
            return default;
        });
        var client = await gateway.ConnectAsync(will: ("temp", "gone"));
        await client.SubscribeAsync("command/inbox/#");

        await client.PublishAsync("temp", "1", qos: 1, id: 1, retain: true);
        _ = await client.AcknowledgementAsync(4, 1);
        gateway.Broker.Publish(new Broker.MqttMessage("command/inbox//set", new byte[] { 1 }));
        await client.ShouldBeAliveAndHearNothingAsync();
        await client.DieAsync();
        gateway.Broker.Publish(new Broker.MqttMessage("end", new byte[] { 1 }));

        while (true)
        {
            lock (heard)
            {
                if (heard.Contains("end")) break;
            }

            await Task.Yield();
        }

        heard.ShouldBe(["command/inbox//set", "end"]);
    }

    [Theory]
    [InlineData(null, "", "application/octet-stream", false)]
    [InlineData(null, "21.5", "application/json", true)]
    [InlineData(null, "21,5", "application/octet-stream", false)]
    [InlineData(null, "null", "application/json", true)]
    [InlineData(null, "\"x\"", "application/json", true)]
    [InlineData(null, "{} {}", "application/octet-stream", false)]
    [InlineData("", "{}", "", false)]
    [InlineData("text/json", "[]", "application/json", true)]
    [InlineData("TEXT/JSON; x=y", "[]", "application/json", true)]
    [InlineData("application/senml+JSON", "[]", "application/json", true)]
    [InlineData("application/senml+json; v=1", "[", "application/senml+json; v=1", false)]
    public void Content_is_what_it_is_said_to_be(string? contentType, string payload, string type, bool isJson)
    {
        EventContent.TryRead(contentType, Encoding.UTF8.GetBytes(payload), out var content, out var fault).ShouldBeTrue(fault);

        content!.Type.ShouldBe(type);
        (content.Json is { ValueKind: not JsonValueKind.Undefined }).ShouldBe(isJson);
    }

    private static DeviceGateway Deciding(EventFate fate, DrogueOptions? options = null)
    {
        var gateway = new DeviceGateway(options);
        gateway.Registry.Accepting = async said =>
        {
            await Task.Yield();
            return said.Channel == "temp" ? new EventOutcome(fate) : EventOutcome.Accepted;
        };
        return gateway;
    }
}
