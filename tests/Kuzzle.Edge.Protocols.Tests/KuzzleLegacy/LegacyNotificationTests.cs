using System.Text.Json.Nodes;
using Kuzzle.Edge.Protocols.Tests.KuzzleV2;
using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleLegacy;

/// <summary>The notifications of the page of 2015, the messages that are not stored, and where they are published: kuzzle-mqtt.md 2.2.</summary>
public sealed class LegacyNotificationTests
{
    [Fact]
    public async Task A_document_has_been_created()
    {
        await using var gateway = LegacyClient.Gateway();
        var (listener, _) = await ListenAsync(gateway, """{"term":{"city":"NYC"}}""");
        var client = await gateway.ConnectLegacyAsync();

        var id = await client.CreateAsync("""{"city":"NYC"}""");

        (await NextAsync(listener)).ShouldBeJson($$$"""
            {"error":null,"result":{"_id":"{{{id}}}","_source":{"city":"NYC"},"action":"create","collection":"people","controller":"write","requestId":"create"}}
            """);
    }

    [Fact]
    public async Task A_message_that_is_not_stored_has_no_id()
    {
        await using var gateway = LegacyClient.Gateway();
        var (listener, _) = await ListenAsync(gateway, """{"term":{"city":"NYC"}}""");
        var client = await gateway.ConnectLegacyAsync();

        await client.PublishAsync("write.people.create", """{"persist":false,"requestId":"m","_id":"none","body":{"city":"NYC"}}""");

        (await NextAsync(listener)).ShouldBeJson(
            """{"error":null,"result":{"_source":{"city":"NYC"},"action":"create","collection":"people","controller":"write","requestId":"m"}}""");
    }

    [Fact]
    public async Task An_updated_document_entered_and_then_left_the_listening_scope()
    {
        await using var gateway = LegacyClient.Gateway();
        var (listener, _) = await ListenAsync(gateway, """{"term":{"city":"NYC"}}""");
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"city":"Paris","name":"Ada"}""");

        await client.ResultAsync("write.people.update", $$$"""{"clientId":"me","requestId":"enter","_id":"{{{id}}}","body":{"city":"NYC"}}""");
        await client.ResultAsync("write.people.update", $$$"""{"clientId":"me","requestId":"leave","_id":"{{{id}}}","body":{"city":"Oslo"}}""");

        (await NextAsync(listener)).ShouldBeJson($$$"""
            {"error":null,"result":{"_id":"{{{id}}}","_source":{"city":"NYC","name":"Ada"},"action":"update","collection":"people","controller":"write","requestId":"enter"}}
            """);
        (await NextAsync(listener)).ShouldBeJson(
            $$$"""{"error":null,"result":{"_id":"{{{id}}}","action":"update","collection":"people","controller":"write","requestId":"leave"}}""");
    }

    [Theory]
    [InlineData("delete", """{"clientId":"me","requestId":"gone","_id":"ID"}""")]
    [InlineData("deleteByQuery", """{"clientId":"me","requestId":"gone","body":{"query":{"term":{"city":"nyc"}}}}""")]
    public async Task A_document_has_been_deleted(string action, string request)
    {
        await using var gateway = LegacyClient.Gateway();
        var (listener, _) = await ListenAsync(gateway, """{"term":{"city":"NYC"}}""");
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"city":"NYC"}""");
        await NextAsync(listener);

        await client.ResultAsync($"write.people.{action}", request.Replace("ID", id, StringComparison.Ordinal).Replace("{\"term\":{\"city\":\"nyc\"}}", "{}", StringComparison.Ordinal));

        (await NextAsync(listener)).ShouldBeJson(
            $$$"""{"error":null,"result":{"_id":"{{{id}}}","action":"delete","collection":"people","controller":"write","requestId":"gone"}}""");
    }

    [Fact]
    public async Task A_user_entered_and_then_left_a_room()
    {
        await using var gateway = LegacyClient.Gateway();
        var (listener, roomId) = await ListenAsync(gateway, """{"term":{"city":"NYC"}}""");
        var client = await gateway.ConnectLegacyAsync();

        await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"second","body":{"term":{"city":"NYC"}}}""");
        await client.ResultAsync("subscribe.people.off", """{"clientId":"me","requestId":"second"}""");

        (await NextAsync(listener)).ShouldBeJson($$$"""{"error":null,"result":{"roomId":"{{{roomId}}}","controller":"subscribe","action":"on","count":2}}""");
        (await NextAsync(listener)).ShouldBeJson($$$"""{"error":null,"result":{"roomId":"{{{roomId}}}","controller":"subscribe","action":"off","count":1}}""");
    }

    [Fact]
    public async Task A_newcomer_that_listens_already_hears_of_its_own_coming()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.SubscribeAsync(("mqtt.room", 0));

        await client.PublishAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""");

        WirePacket[] heard = [await client.ReadPublishAsync(), await client.ReadPublishAsync()];
        var on = heard.Single(static packet => packet.Topic == "mqtt.room").Json["result"]!;
        ((string)on["action"]!).ShouldBe("on");
        ((int)on["count"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("mqtt.room", "the seed's list of steps")]
    [InlineData("mqtt/room", "the same topic as the broker of 2015 wrote it")]
    [InlineData("room", "the seed's chapter on notifications")]
    [InlineData("<roomId>", "the code of that day")]
    public async Task A_client_hears_each_once_on_whichever_topic_it_listens(string topic, string why)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var room = await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""");
        topic = topic.Replace("<roomId>", (string)room["roomId"]!, StringComparison.Ordinal);
        (await client.SubscribeAsync((topic, 0))).ShouldBe([0], why);

        await client.PublishAsync("write.people.create", """{"persist":false,"body":{"hello":"world"}}""");

        (await client.ReadPublishAsync()).Topic.ShouldBe(topic, why);
        await client.ShouldHearNothingAsync();
    }

    [Theory]
    [InlineData("Kuzzle/response")]
    [InlineData("plant/temperature")]
    [InlineData("$SYS/broker/uptime")]
    [InlineData("mqtt.me")]
    public async Task A_room_is_not_heard_on_the_topics_of_others(string name)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.ResultAsync("subscribe.people.on", $$$"""{"clientId":"me","requestId":"{{{name}}}","body":{}}""");
        await client.SubscribeAsync((name, 0));

        await client.PublishAsync("write.people.create", """{"persist":false,"body":{"hello":"world"}}""");

        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task Writes_through_Kuzzle_2_are_heard_in_the_shape_of_2015_and_the_other_way_round()
    {
        await using var gateway = LegacyClient.Gateway();
        var (old, _) = await ListenAsync(gateway, "{}");
        var modern = await gateway.ConnectAsync();
        var answer = await modern.AskAsync(
            """{"controller":"realtime","action":"subscribe","index":"mainindex","collection":"people","body":{},"requestId":"s"}""");
        var channel = (string)answer["result"]!["channel"]!;
        await modern.SubscribeAsync((channel, 0));
        (await NextAsync(old))["result"]!["action"]!.ShouldBeJson("\"on\"");

        await modern.PublishAsync(
            RequestTopic, """{"controller":"realtime","action":"publish","index":"mainindex","collection":"people","body":{"by":"2"},"requestId":"p"}""");
        WirePacket[] heard = [await modern.ReadPublishAsync(), await modern.ReadPublishAsync()];
        (await NextAsync(old)).ShouldBeJson(
            """{"error":null,"result":{"_source":{"by":"2"},"action":"create","collection":"people","controller":"write","requestId":"p"}}""");
        heard.Select(static packet => packet.Topic).ShouldBe([ResponseTopic, channel], ignoreOrder: true);

        await old.PublishAsync("write.people.create", """{"persist":false,"body":{"by":"1"}}""");
        var notification = await modern.ReadPublishAsync();
        notification.Topic.ShouldBe(channel);
        ((string?)notification.Json["protocol"]).ShouldBe("mqtt");
        ((string?)notification.Json["result"]!["_source"]!["by"]).ShouldBe("1");
        await modern.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task The_rooms_of_a_client_end_with_the_last_connection_that_is_there_for_it()
    {
        await using var gateway = LegacyClient.Gateway();
        var listener = await gateway.ConnectLegacyAsync();
        var asking = await gateway.ConnectAsync();
        await asking.PublishAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""");
        var roomId = (string)(await listener.ReadPublishAsync()).Json["result"]!["roomId"]!;
        var watcher = await gateway.ConnectAsync();
        await watcher.SubscribeAsync(("mqtt.watcher", 0), (roomId, 0));
        await watcher.PublishAsync("subscribe.people.on", """{"clientId":"watcher","requestId":"w","body":{}}""");
        WirePacket[] entered = [await watcher.ReadPublishAsync(), await watcher.ReadPublishAsync()];
        entered.Length.ShouldBe(2);

        await asking.DisconnectAsync();
        await gateway.WhenGoneAsync(asking);
        await watcher.ShouldHearNothingAsync();
        await listener.DieAsync();
        await gateway.WhenGoneAsync(listener);

        (await watcher.ReadPublishAsync()).Json.ShouldBeJson(
            $$$"""{"error":null,"result":{"roomId":"{{{roomId}}}","controller":"subscribe","action":"off","count":1}}""");
    }

    /// <summary>A client in a room of this filter, which has heard of its own coming.</summary>
    private static async Task<(WireClient Client, string RoomId)> ListenAsync(MqttGateway gateway, string filter)
    {
        var client = await gateway.ConnectAsync();
        await client.SubscribeAsync(("mqtt.listener", 0), ("mqtt.room", 0));
        await client.PublishAsync("subscribe.people.on", $$"""{"clientId":"listener","requestId":"room","body":{{filter}}}""");
        WirePacket[] heard = [await client.ReadPublishAsync(), await client.ReadPublishAsync()];
        return (client, (string)heard.Single(static packet => packet.Topic == "mqtt.listener").Json["result"]!["roomId"]!);
    }

    private static async Task<JsonObject> NextAsync(WireClient client)
    {
        var packet = await client.ReadPublishAsync();
        packet.Topic.ShouldBe("mqtt.room");
        return packet.Json;
    }
}
