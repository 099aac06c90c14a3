using System.Buffers;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Tests.KuzzleV2;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleLegacy;

/// <summary>What is a request of 2015, what is not, and what its client hears when something is wrong: kuzzle-mqtt.md 2.1, 2.4 and 2.6.</summary>
public sealed class LegacyRequestTests
{
    [Fact]
    public async Task Without_the_setting_the_topics_of_2015_are_forbidden_like_all_others()
    {
        await using var gateway = new MqttGateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync("read.people.get", """{"clientId":"me","_id":"1"}""");

        (await client.ReadAsync()).ShouldBeNull("closed");
    }

    [Theory]
    [InlineData("read.people")]
    [InlineData("read.people.get.more")]
    [InlineData("other.people.get")]
    [InlineData("read..get")]
    [InlineData("read.people.")]
    [InlineData("mqtt.somebody")]
    public async Task Other_topics_stay_forbidden(string topic)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectAsync();

        await client.PublishAsync(topic, """{"clientId":"me","_id":"1"}""");

        (await client.ReadAsync()).ShouldBeNull("closed");
    }

    [Fact]
    public async Task Who_has_no_rights_makes_no_collection_by_writing_to_it()
    {
        await using var gateway = LegacyClient.Gateway();
        var admin = await AskAsync(gateway, """{"controller":"security","action":"createFirstAdmin","_id":"root","reset":true,"body":{"credentials":{"local":{"username":"root","password":"a long secret"}}}}""");
        admin["error"].ShouldBeNull();
        var login = await AskAsync(gateway, """{"controller":"auth","action":"login","strategy":"local","body":{"username":"root","password":"a long secret"}}""");
        var client = await gateway.ConnectLegacyAsync();

        (await client.ErrorAsync("write.people.create", """{"clientId":"me","body":{"name":"Grace"}}""")).ShouldContain("log in first");

        var indexes = await AskAsync(gateway, $$"""{"controller":"index","action":"list","jwt":"{{login["result"]!["jwt"]}}"}""");
        indexes["result"]!["indexes"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Slashes_are_as_good_as_dots_in_a_request()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        var result = await client.ResultAsync("write/people/create", """{"clientId":"me","requestId":"q","body":{"name":"Grace"}}""");

        ((string?)result["collection"]).ShouldBe("people");
    }

    [Fact]
    public async Task An_answer_is_heard_on_the_slashed_name_of_its_topic_too()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectAsync();
        await client.SubscribeAsync(("mqtt/a/b", 0));

        await client.PublishAsync("read.people.count", """{"clientId":"a.b"}""");

        (await client.ReadPublishAsync()).Topic.ShouldBe("mqtt/a/b");
        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task An_answer_goes_to_nobody_who_does_not_listen_for_it()
    {
        await using var gateway = LegacyClient.Gateway();
        var asking = await gateway.ConnectAsync();
        var listener = await gateway.ConnectLegacyAsync();

        await asking.PublishAsync("read.people.count", """{"clientId":"me","requestId":"q"}""");

        (await listener.ReadPublishAsync()).Topic.ShouldBe(LegacyClient.AnswerTopic);
        await asking.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task Nobody_can_listen_to_the_requests_of_others()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectAsync();

        (await client.SubscribeAsync(("write.people.create", 0), ("mqtt.me", 0))).ShouldBe([0x80, 0]);
    }

    [Theory]
    [InlineData("read.people.dance", """{"clientId":"me"}""", "has no action \"dance\"")]
    [InlineData("write.people.create", """{"clientId":"me","body":{}}""", "body")]
    [InlineData("write.people.create", """{"clientId":"me"}""", "body")]
    [InlineData("write.people.create", """{"clientId":"me","persist":false}""", "body")]
    [InlineData("write.people.create", """{"clientId":"me","persist":"yes","body":{"a":1}}""", "persist")]
    [InlineData("write.people.create", """{"clientId":"me","body":"text"}""", "body")]
    [InlineData("write.people.create", """{"clientId":"me","requestId":["a"],"body":{"a":1}}""", "requestId")]
    [InlineData("write.BAD.create", """{"clientId":"me","body":{"a":1}}""", "BAD")]
    [InlineData("write.people.update", """{"clientId":"me","body":{"a":1}}""", "_id")]
    [InlineData("write.people.update", """{"clientId":"me","_id":"1","body":{"a":1}}""", "mainindex")]
    [InlineData("read.people.get", """{"clientId":"me"}""", "_id")]
    [InlineData("read.people.search", """{"clientId":"me","body":[1]}""", "body")]
    [InlineData("read.people.search", """{"clientId":"me","body":{"filter":1}}""", "body.filter")]
    [InlineData("admin.people.putMapping", """{"clientId":"me","body":{}}""", "body.properties")]
    [InlineData("admin.people.getMapping", """{"clientId":"me"}""", "mainindex")]
    [InlineData("bulk.people.import", """{"clientId":"me","body":[]}""", "body")]
    [InlineData("bulk.people.import", """{"clientId":"me","body":[{"a":1}]}""", "body[0]")]
    [InlineData("bulk.people.import", """{"clientId":"me","body":[{"create":{}}]}""", "body[1]")]
    [InlineData("bulk.people.import", """{"clientId":"me","body":[{"delete":{"_id":"1"}},{"a":1}]}""", "body[1]")]
    [InlineData("subscribe.people.on", """{"clientId":"me","requestId":"r","body":{"unheard":{"a":1}}}""", "unknown keyword")]
    [InlineData("subscribe.people.on", """{"clientId":"me","requestId":"a/#","body":{}}""", "requestId")]
    [InlineData("subscribe.people.off", """{"clientId":"me","requestId":"none"}""", "none")]
    [InlineData("subscribe.people.off", """{"clientId":"me"}""", "requestId")]
    [InlineData("subscribe.people.count", """{"clientId":"me","body":{"roomId":"none"}}""", "none")]
    [InlineData("subscribe.people.count", """{"clientId":"me"}""", "body")]
    [InlineData("subscribe.people.join", """{"clientId":"me","requestId":"r","body":{"roomId":"none"}}""", "none")]
    public async Task What_is_wrong_is_said_in_words(string topic, string request, string word)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        (await client.ErrorAsync(topic, request)).ShouldContain(word);
        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task Subscribing_twice_to_the_same_room_name_is_an_error()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""");

        (await client.ErrorAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""")).ShouldContain("room");
    }

    [Theory]
    [InlineData("read.people.count", "{}")]
    [InlineData("read.people.count", """{"clientId":"a/#"}""")]
    [InlineData("read.people.count", "no JSON")]
    [InlineData("read.people.count", "[]")]
    [InlineData("subscribe.people.on", """{"requestId":"me","body":{}}""")]
    public async Task What_names_no_client_is_discarded_and_its_connection_stays(string topic, string request)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        await client.PublishAsync(topic, request);

        await client.ResultAsync("read.people.count", """{"clientId":"me"}""");
        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task A_write_without_a_client_is_done_and_not_answered()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""");
        await client.SubscribeAsync(("mqtt.room", 0));

        await client.PublishAsync("write.people.create", """{"_id":"1","body":{"name":"Grace"}}""");

        (await client.ReadPublishAsync()).Topic.ShouldBe("mqtt.room");
        (await client.ResultAsync("read.people.get", """{"clientId":"me","_id":"1"}"""))["_source"]!.ShouldBeJson("""{"name":"Grace"}""");
    }

    [Fact]
    public async Task An_identifier_inside_the_body_counts()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        var result = await client.ResultAsync("write.people.create", """{"clientId":"me","requestId":"q","body":{"_id":"7","name":"Grace"}}""");

        ((string?)result["_id"]).ShouldBe("7");
        result["_source"]!.ShouldBeJson("""{"name":"Grace"}""");
    }

    [Theory]
    [InlineData("createOrUpdate")]
    [InlineData("replace")]
    public async Task Documents_can_be_replaced_as_a_whole(string action)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"name":"Grace","age":50}""");

        var result = await client.ResultAsync($"write.people.{action}", $$$"""{"clientId":"me","requestId":"q","_id":"{{{id}}}","body":{"name":"Ada"}}""");

        result.ShouldBeJson($$$"""{"_id":"{{{id}}}","_source":{"name":"Ada"},"collection":"people","action":"{{{action}}}","controller":"write","requestId":"q"}""");
    }

    [Fact]
    public async Task A_room_can_be_joined_by_its_id()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var room = await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"one","body":{}}""");

        var joined = await client.ResultAsync("subscribe.people.join", $$$"""{"clientId":"me","requestId":"two","body":{"roomId":"{{{room["roomId"]}}}"}}""");

        joined.ShouldBeJson($$"""{"roomId":"{{room["roomId"]}}","roomName":"two"}""");
        (await client.ResultAsync("subscribe.people.count", $$$"""{"clientId":"me","body":{"roomId":"{{{room["roomId"]}}}"}}""")).ShouldBeJson("2");
    }

    [Fact]
    public async Task The_items_of_an_import_come_in_the_order_of_their_lines()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        var result = await client.ResultAsync("bulk.people.import", """
            {"clientId":"me","body":[{"create":{"_id":"1"}},{"n":1},{"create":{"_id":"1"}},{"n":2},{"index":{"_id":"1"}},{"n":3},
             {"update":{"_id":"1"}},{"doc":{"m":4}},{"delete":{"_id":"1"}},{"delete":{"_id":"1"}}]}
            """);

        result["items"]!.AsArray().Select(static item => item!.AsObject().Single()).Select(static item => $"{item.Key} {item.Value!["status"]}")
            .ShouldBe(["create 201", "create 409", "index 200", "update 200", "delete 200", "delete 404"]);
    }

    [Fact]
    public async Task With_allowPubSub_nobody_can_forge_answers_or_notifications()
    {
        await using var gateway = new MqttGateway(new() { AllowPubSub = true, Legacy = new() });
        var client = await gateway.ConnectLegacyAsync();
        await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""");
        await client.SubscribeAsync(("mqtt.room", 0), ("room", 0), ("other", 0));
        var forger = await gateway.ConnectAsync();

        foreach (var topic in (string[])["mqtt.me", "mqtt.room", "room"]) await forger.PublishAsync(topic, "forged");
        await forger.PublishAsync("other", "free");

        (await client.ReadPublishAsync()).Topic.ShouldBe("other");
        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task A_will_on_a_topic_of_2015_is_executed()
    {
        await using var gateway = LegacyClient.Gateway();
        var listener = await gateway.ConnectLegacyAsync();
        await listener.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"room","body":{}}""");
        await listener.SubscribeAsync(("mqtt.room", 0));
        var dying = await gateway.ConnectAsync(will: ("write.people.create", """{"persist":false,"body":{"last":"word"}}"""));

        await dying.DieAsync();

        (await listener.ReadPublishAsync()).Json["result"]!["_source"]!.ShouldBeJson("""{"last":"word"}""");
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused_in_the_shape_of_2015()
    {
        await using var gateway = new MqttGateway(new() { Legacy = new(), MaxRequestBytes = 100 });
        var client = await gateway.ConnectLegacyAsync();

        (await client.ErrorAsync("write.people.create", $$$"""{"clientId":"me","body":{"text":"{{{new string('x', 100)}}}"}}""")).ShouldContain("maxRequestSize");
    }

    private static async Task<JsonObject> AskAsync(MqttGateway gateway, string json)
    {
        var output = new ArrayBufferWriter<byte>();
        (await gateway.Api.ExecuteAsync(TestApi.Request(json, new ClientConnection("mqtt", remoteAddress: null)), CancellationToken.None)).WriteTo(output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }
}
