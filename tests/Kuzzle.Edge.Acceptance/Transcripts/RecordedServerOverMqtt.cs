using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;
using Kuzzle.Edge.Testing;
using Kuzzle.Edge.Testing.Transcripts;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Acceptance.Transcripts;

/// <summary>The recordings of a real Kuzzle, played over MQTT to the process: same requests, same answers, from the store that ships.</summary>
public sealed class RecordedServerOverMqtt(ITestOutputHelper log)
{
    [SharedFact]
    public async Task Answers_are_those_of_the_real_server_but_for_the_listed_lines()
    {
        var exchanges = Exchange.ReadAll(SharedMaterial.FileAt("reference", "kuzzle-transcripts.jsonl")!);
        var unsupported = new Unsupported(await File.ReadAllLinesAsync(
            Path.Combine(RepositoryLayout.Root, "tests", "Kuzzle.Edge.Api.Tests", "Transcripts", "not-yet.txt")));
        var surprises = new List<string>();
        var passed = 0;
        foreach (var group in exchanges.GroupBy(exchange => exchange.Group, StringComparer.Ordinal))
        {
            await using var edge = new EdgeProcess(configuration =>
            {
                configuration["server"]!["protocols"]!["mqtt"]!["disconnectDelay"] = 0;
                configuration["limits"] = new JsonObject { ["loginsPerSecond"] = 1000 };
            });
            await edge.StartAsync();
            await using var client = ForeignProgram.Start("node", ["replay.mjs"], ("KUZZLE_EDGE_MQTT_PORT", $"{edge.MqttPort}"));
            var comparison = new AnswerComparison();
            var tokens = new RecordedTokens();
            foreach (var exchange in group)
            {
                await Task.Delay(RecordedTokens.WaitBefore(exchange)); // Two tokens of the recording must expire; the process has its own clock.
                var request = comparison.Adapt(exchange.Request);
                tokens.Adapt(exchange, request);
                await client.WriteLineAsync(new JsonObject { ["client"] = $"{exchange.Client}", ["request"] = request }.ToJsonString());
                var answer = JsonNode.Parse(await client.ReadLineAsync())!.AsObject();
                tokens.Learn(exchange, answer);
                var difference = comparison.FindDifference(exchange.Response, answer);
                if (difference is null) passed++;
                if (difference is null == unsupported.Contains(exchange.Title)) surprises.Add($"{exchange.Title} | {difference ?? "passes now: take it off the list"}");
                if (exchange.Notifications.Select(notification => notification.Gone).FirstOrDefault(gone => gone is not null) is not { } gone) continue;

                // One of the recording's clients went away here.
                await client.WriteLineAsync(new JsonObject { ["client"] = $"{gone}", ["gone"] = true }.ToJsonString());
                (await client.ReadLineAsync()).ShouldBe("gone");
            }
        }

        log.WriteLine($"{passed} of {exchanges.Count} recorded answers; {unsupported.Count} listed as not yet");
        surprises.ShouldBeEmpty(string.Join('\n', surprises));
    }
}
