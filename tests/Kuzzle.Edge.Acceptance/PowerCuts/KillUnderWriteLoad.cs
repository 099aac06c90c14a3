using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Acceptance.PowerCuts;

/// <summary>What the gateway has acknowledged is there after it was killed, again and again, in the middle of writing.</summary>
public sealed class KillUnderWriteLoad(ITestOutputHelper log)
{
    private const int Rounds = 10;
    private const int Writers = 16;

    [Fact]
    public async Task Every_acknowledged_document_is_there_after_ten_kills()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        log.WriteLine($"seed {seed}");
        await using var edge = new EdgeProcess();
        await edge.StartAsync();
        await using (var client = await KuzzleClient.ConnectAsync(edge))
        {
            await client.ResultAsync(new JsonObject
            {
                ["controller"] = "collection",
                ["action"] = "create",
                ["index"] = "plant",
                ["collection"] = "readings",
            });
        }

        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            await WriteUntilKilledAsync(edge, acknowledged, killAfter: random.Next(1, 800), round);
            await edge.StartAsync();
            await AssertAllThereAsync(edge, acknowledged, $"round {round}, seed {seed}");
        }

        log.WriteLine($"{acknowledged.Count} acknowledged documents survived {Rounds} kills");
        acknowledged.Count.ShouldBeGreaterThan(Rounds);
    }

    private static async Task WriteUntilKilledAsync(EdgeProcess edge, ConcurrentDictionary<string, string> acknowledged, int killAfter, int round)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        var answers = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        async Task WriteAsync(int writer)
        {
            try
            {
                for (var count = 0; ; count++)
                {
                    var id = $"{round}-{writer}-{count}";
                    var content = $"{Guid.NewGuid()}";
                    await client.ResultAsync(new JsonObject
                    {
                        ["controller"] = "document",
                        ["action"] = "create",
                        ["index"] = "plant",
                        ["collection"] = "readings",
                        ["_id"] = id,
                        ["body"] = new JsonObject { ["content"] = content },
                    });
                    acknowledged[id] = content;
                    if (Interlocked.Increment(ref answers) == killAfter) enough.SetResult();
                }
            }
            catch (WebSocketException)
            {
                // The kill: what was under way may or may not be stored.
            }
        }

        var writers = Enumerable.Range(0, Writers).Select(WriteAsync).ToArray();
        await enough.Task;
        await edge.KillAsync();
        await Task.WhenAll(writers);
    }

    private static async Task AssertAllThereAsync(EdgeProcess edge, ConcurrentDictionary<string, string> acknowledged, string when)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        foreach (var ids in acknowledged.Keys.Chunk(1000))
        {
            var result = await client.ResultAsync(new JsonObject
            {
                ["controller"] = "document",
                ["action"] = "mGet",
                ["index"] = "plant",
                ["collection"] = "readings",
                ["body"] = new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) },
            });

            result!["errors"]!.AsArray().Count.ShouldBe(0, $"lost in {when}: {result["errors"]!.ToJsonString()}");
            foreach (var document in result["successes"]!.AsArray())
            {
                ((string)document!["_source"]!["content"]!).ShouldBe(acknowledged[(string)document["_id"]!], when);
            }
        }
    }
}
