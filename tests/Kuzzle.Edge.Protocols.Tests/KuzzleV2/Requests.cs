using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>Requests that several tests send.</summary>
internal static class Requests
{
    public const string RequestTopic = "Kuzzle/request";
    public const string ResponseTopic = "Kuzzle/response";

    public static string Now(string id) => $$"""{"controller":"server","action":"now","requestId":"{{id}}"}""";

    public static string Subscribe(string id, string extra = "") =>
        $$"""{"controller":"realtime","action":"subscribe","index":"i","collection":"c","body":{},"requestId":"{{id}}"{{extra}}}""";

    public static string Publish(string id, string text) =>
        $$"""{"controller":"realtime","action":"publish","index":"i","collection":"c","body":{"text":"{{text}}"},"requestId":"{{id}}"}""";

    /// <summary>Sends a request and reads its answer, which must be the next thing that comes.</summary>
    public static async Task<JsonObject> AskAsync(this WireClient client, string request)
    {
        await client.PublishAsync(RequestTopic, request);
        var answer = await client.ReadPublishAsync();
        answer.Topic.ShouldBe(ResponseTopic);
        return answer.Json;
    }

    /// <summary>Subscribes to everything in the collection, and returns the channel.</summary>
    public static async Task<string> JoinAsync(this WireClient client, string extra = "")
    {
        var answer = await client.AskAsync(Subscribe("join", extra));
        return (string)answer["result"]!["channel"]!;
    }
}
