using System.Text;
using Kuzzle.Edge.Protocols.KuzzleV2;
using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>What becomes of a payload on the request topic: kuzzle-mqtt.md 1.5.</summary>
public sealed class RequestPayloadTests
{
    [Theory]
    [InlineData("""{"controller":"server","action":"now"}""")]
    [InlineData("""{"controller":"server","action":"now","requestId":""}""")]
    public async Task A_request_without_an_id_gets_one(string payload)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        var answer = await client.AskAsync(payload);

        ((int?)answer["status"]).ShouldBe(200);
        Guid.TryParse((string?)answer["requestId"], out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("\uFEFF{\"controller\":\"server\",\"action\":\"now\"}")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("""{"requestId":5,"controller":"server","action":"now"}""")]
    [InlineData("""{"requestId":"mine","controller":5,"action":"now"}""")]
    [InlineData("""{"requestId":"mine","controller":"server","action":["now"]}""")]
    [InlineData("""{"requestId":"mine","controller":"server","action":"now","jwt":5}""")]
    [InlineData("""{"requestId":"mine","controller":"server","action":"now","volatile":[1]}""")]
    [InlineData("""{"requestId":"mine","controller":"server","action":"now","body":"text"}""")]
    public async Task A_payload_that_is_no_request_is_answered_under_a_new_id(string payload)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();
        var other = await gateway.ConnectAsync();

        var answer = await client.AskAsync(payload);

        ((int?)answer["status"]).ShouldBe(400);
        ((string?)answer["error"]!["id"]).ShouldBe("network.mqtt.unexpected_error");
        ((int?)answer["error"]!["code"]).ShouldBe(50462721);
        answer["error"]!["props"]!.AsArray().Count.ShouldBe(1);
        Guid.TryParse((string?)answer["requestId"], out _).ShouldBeTrue("the payload's own id is not echoed");
        foreach (var key in (string[])["controller", "action", "result", "volatile"])
        {
            answer.ContainsKey(key).ShouldBeTrue(key);
            answer[key].ShouldBeNull();
        }

        ((int?)(await client.AskAsync(Now("next")))["status"]).ShouldBe(200, "the connection stays");
        await other.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task Binary_is_no_request()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(RequestTopic, [0xFF, 0x00, 0xFE]);

        ((string?)(await client.ReadPublishAsync()).Json["error"]!["id"]).ShouldBe("network.mqtt.unexpected_error");
    }

    [Theory]
    [InlineData("""{"requestId":"mine"}""")]
    [InlineData("""{"requestId":"mine","controller":"server"}""")]
    [InlineData("""{"requestId":"mine","action":"now"}""")]
    public async Task A_request_without_controller_or_action_is_refused_under_its_own_id(string payload)
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        var answer = await client.AskAsync(payload);

        ((int?)answer["status"]).ShouldBe(400);
        ((string?)answer["error"]!["id"]).ShouldBe("api.assert.missing_argument");
        ((string?)answer["requestId"]).ShouldBe("mine");
    }

    [Fact]
    public async Task A_request_at_QoS_1_is_acknowledged_and_answered()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(RequestTopic, Now("r1"), qos: 1);

        WirePacket[] packets = [(await client.ReadAsync())!, (await client.ReadAsync())!];
        packets.Select(packet => packet.Type).ShouldBe([WirePacket.Puback, WirePacket.Publish], ignoreOrder: true);
        packets.Single(packet => packet.Type == WirePacket.Publish).Qos.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_at_QoS_2_is_executed_when_it_is_released()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(RequestTopic, Now("r1"), qos: 2);
        (await client.ReadAsync())!.Type.ShouldBe(WirePacket.Pubrec);
        await client.ShouldHearNothingAsync();
        await client.ReleaseAsync();

        WirePacket[] packets = [(await client.ReadAsync())!, (await client.ReadAsync())!];
        packets.Select(packet => packet.Type).ShouldBe([WirePacket.Pubcomp, WirePacket.Publish], ignoreOrder: true);
    }

    [Fact]
    public async Task A_request_over_the_limit_is_answered_with_413_and_the_connection_stays()
    {
        await using var gateway = new MqttGateway(new KuzzleMqttOptions { MaxRequestBytes = 1000 });
        var client = await gateway.ConnectAsync();

        var answer = await client.AskAsync($$"""{"requestId":"big","controller":"server","action":"now","text":"{{new string('x', 1000)}}"}""");

        ((int?)answer["status"]).ShouldBe(413);
        ((string?)answer["error"]!["id"]).ShouldBe("network.http.request_too_large");
        ((string?)answer["requestId"]).ShouldBe("big");
        ((int?)(await client.AskAsync(Now("next")))["status"]).ShouldBe(200);
    }

    [Fact]
    public async Task A_request_of_exactly_the_limit_is_executed()
    {
        var request = Now("r1");
        await using var gateway = new MqttGateway(new KuzzleMqttOptions { MaxRequestBytes = Encoding.UTF8.GetByteCount(request) });
        var client = await gateway.ConnectAsync();

        ((int?)(await client.AskAsync(request))["status"]).ShouldBe(200);
    }

    [Fact]
    public async Task Requests_sent_in_one_go_are_all_answered()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        for (var i = 0; i < 1000; i++) await client.PublishAsync(RequestTopic, Now($"r{i}"));

        var answered = new HashSet<string>();
        for (var i = 0; i < 1000; i++) answered.Add((string)(await client.ReadPublishAsync()).Json["requestId"]!);
        answered.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task Requests_start_in_the_order_in_which_they_came()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(RequestTopic, """{"controller":"index","action":"create","index":"i","requestId":"0"}""");
        await client.ReadPublishAsync();
        await client.PublishAsync(RequestTopic, """{"controller":"collection","action":"create","index":"i","collection":"c","body":{},"requestId":"1"}""");
        await client.ReadPublishAsync();
        for (var i = 0; i < 200; i++)
        {
            await client.PublishAsync(RequestTopic,
                $$"""{"controller":"document","action":"createOrReplace","index":"i","collection":"c","_id":"d","body":{"n":{{i}}},"requestId":"w{{i}}"}""");
        }

        for (var i = 0; i < 200; i++) ((int?)(await client.ReadPublishAsync()).Json["status"]).ShouldBe(200);
        var last = await client.AskAsync("""{"controller":"document","action":"get","index":"i","collection":"c","_id":"d","requestId":"g"}""");
        ((int?)last["result"]!["_source"]!["n"]).ShouldBe(199);
    }

    [Fact]
    public async Task Requests_beyond_the_bound_of_a_connection_are_refused_by_name()
    {
        await using var gateway = new MqttGateway(new KuzzleMqttOptions { MaxRequestsInFlight = 1 });
        var client = await gateway.ConnectAsync();

        for (var i = 0; i < 500; i++) await client.PublishAsync(RequestTopic, Now($"r{i}"));

        var statuses = new Dictionary<string, int>();
        for (var i = 0; i < 500; i++)
        {
            var answer = (await client.ReadPublishAsync()).Json;
            var status = (int)answer["status"]!;
            statuses.Add((string)answer["requestId"]!, status);
            if (status != 200) ((string?)answer["error"]!["id"]).ShouldBe("api.process.overloaded");
        }

        statuses.Count.ShouldBe(500, "each request has its answer, under its own id");
        statuses["r0"].ShouldBe(200);
    }
}
