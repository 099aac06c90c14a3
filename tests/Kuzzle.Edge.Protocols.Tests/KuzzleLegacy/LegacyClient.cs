using System.Text.Json.Nodes;
using Kuzzle.Edge.Protocols.Tests.KuzzleV2;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleLegacy;

/// <summary>A client of 2015: it listens on <c>mqtt.me</c> and asks in that name.</summary>
internal static class LegacyClient
{
    public const string AnswerTopic = "mqtt.me";

    public static MqttGateway Gateway() => new(new() { Legacy = new(), DisconnectDelay = TimeSpan.Zero });

    public static async Task<WireClient> ConnectLegacyAsync(this MqttGateway gateway)
    {
        var client = await gateway.ConnectAsync();
        (await client.SubscribeAsync((AnswerTopic, 0))).ShouldBe([0]);
        return client;
    }

    /// <summary>Sends a request and reads its answer, which must be the next thing that comes and have the two members of 2015.</summary>
    public static async Task<JsonObject> AskAsync(this WireClient client, string topic, string request)
    {
        await client.PublishAsync(topic, request);
        var answer = await client.ReadPublishAsync();
        answer.Topic.ShouldBe(AnswerTopic);
        answer.Qos.ShouldBe(0);
        answer.Retain.ShouldBeFalse();
        answer.Json.Select(static member => member.Key).ShouldBe(["error", "result"]);
        return answer.Json;
    }

    /// <summary>The result of a request that succeeds.</summary>
    public static async Task<JsonNode> ResultAsync(this WireClient client, string topic, string request)
    {
        var answer = await client.AskAsync(topic, request);
        answer["error"].ShouldBeNull(answer.ToJsonString());
        return answer["result"]!;
    }

    /// <summary>The error text of a request that fails.</summary>
    public static async Task<string> ErrorAsync(this WireClient client, string topic, string request)
    {
        var answer = await client.AskAsync(topic, request);
        answer["result"].ShouldBeNull();
        return (string)answer["error"]!;
    }

    public static void ShouldBeJson(this JsonNode node, string expected) =>
        JsonNode.DeepEquals(node, JsonNode.Parse(expected)).ShouldBeTrue($"expected {expected}\nbut was {node.ToJsonString()}");
}
