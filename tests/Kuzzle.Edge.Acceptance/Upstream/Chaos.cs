using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;
using Kuzzle.Edge.Testing.Lines;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>Two gateways that write to the same documents over a line that does what lines do, while either of them is killed now and then.</summary>
public sealed class Chaos(ITestOutputHelper log)
{
    private const int Writes = 120;
    private const int Kills = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<int> Seeds => ChaosRounds.Seeds(2);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_line_does_and_whoever_is_killed_both_hold_the_same_in_the_end(int seed)
    {
        var random = new Random(seed);
        await using var cloud = new EdgeProcess();
        await using var line = new ChaosProxy(cloud.HttpPort, seed);
        await using var edge = new EdgeProcess(configuration => configuration["upstream"] = new JsonObject
        {
            ["kuzzle"] = new JsonObject
            {
                ["url"] = $"ws://127.0.0.1:{line.Port}",
                ["requestTimeout"] = "2s",
                ["keepAlive"] = "1s",
                ["maxRetryDelay"] = "1s",
                ["rules"] = new JsonArray(new JsonObject { ["match"] = "plant/*", ["direction"] = "both" }),
            },
        });
        await cloud.StartAsync();
        await edge.StartAsync();
        foreach (var gateway in (EdgeProcess[])[edge, cloud]) await DefineAsync(gateway);

        var acknowledged = new ConcurrentBag<string>();
        var gate = new Dictionary<EdgeProcess, SemaphoreSlim> { [edge] = new(1, 1), [cloud] = new(1, 1) };
        var writing = Task.WhenAll(WriteAsync(edge, gate[edge], "e", acknowledged, new Random(seed)), WriteAsync(cloud, gate[cloud], "c", acknowledged, new Random(-seed)));
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(100, 1500));
            var victim = random.Next(2) == 0 ? edge : cloud;
            await gate[victim].WaitAsync();
            await victim.KillAsync();
            await victim.StartAsync();
            gate[victim].Release();
        }

        await writing;
        line.CalmDown();
        await AssertEqualAsync(edge, cloud, [.. acknowledged], seed);
        log.WriteLine($"seed {seed}: {acknowledged.Count} documents that only one side wrote; {string.Join(' ', line.Met)}");
        foreach (var one in gate.Values) one.Dispose();
    }

    private static async Task DefineAsync(EdgeProcess gateway)
    {
        await using var client = await KuzzleClient.ConnectAsync(gateway);
        await client.ResultAsync(In("collection", "create"));
    }

    /// <summary>Documents that both sides write and delete, and some that only this side writes; each until it is acknowledged.</summary>
    private static async Task WriteAsync(EdgeProcess gateway, SemaphoreSlim gate, string side, ConcurrentBag<string> acknowledged, Random random)
    {
        KuzzleClient? client = null;
        for (var n = 0; n < Writes; n++)
        {
            var isOwn = n % 4 == 0;
            var id = isOwn ? $"only-{side}{n}" : $"shared-{random.Next(20)}";
            var deletes = !isOwn && random.Next(4) == 0;
            while (true)
            {
                try
                {
                    client ??= await ConnectAsync(gateway, gate);
                    var answer = await client.AskAsync(deletes ? In("document", "delete", id) : In("document", "createOrReplace", id, new JsonObject { ["text"] = $"{side}{n}" }));
                    if (!deletes) answer["error"].ShouldBeNull(answer.ToJsonString());
                    if (isOwn) acknowledged.Add(id);
                    break;
                }
                catch (WebSocketException)
                {
                    // The kill. What was under way may or may not be stored, and is said again.
                    if (client is not null) await client.DisposeAsync();
                    client = null;
                }
            }

            await Task.Delay(random.Next(40));
        }

        if (client is not null) await client.DisposeAsync();
    }

    /// <summary>Waits while the gateway is down.</summary>
    private static async Task<KuzzleClient> ConnectAsync(EdgeProcess gateway, SemaphoreSlim gate)
    {
        await gate.WaitAsync();
        try
        {
            return await KuzzleClient.ConnectAsync(gateway);
        }
        finally
        {
            gate.Release();
        }
    }

    private static async Task AssertEqualAsync(EdgeProcess edge, EdgeProcess cloud, HashSet<string> acknowledged, int seed)
    {
        await using var below = await KuzzleClient.ConnectAsync(edge);
        await using var above = await KuzzleClient.ConnectAsync(cloud);
        var here = await ContentAsync(below);
        var there = await ContentAsync(above);
        await Eventually.TrueAsync(
            async () =>
            {
                var backlog = (await below.ResultAsync(new JsonObject { ["controller"] = "edge/sync", ["action"] = "status" }))!["backlog"]!;
                here = await ContentAsync(below);
                there = await ContentAsync(above);
                return (long)backlog["documents"]! == 0 && here.SequenceEqual(there);
            },
            Limit,
            () => $"""
                Seed {seed}: the stores differ, or something waits.
                Only the edge: {string.Join(' ', here.Except(there))}
                Only the cloud: {string.Join(' ', there.Except(here))}
                --- the edge said ---
                {edge.Output}
                --- the cloud said ---
                {cloud.Output}
                """);
        acknowledged.Except(here.Keys).ShouldBeEmpty($"acknowledged and lost, seed {seed}");
    }

    private static async Task<SortedDictionary<string, string>> ContentAsync(KuzzleClient client)
    {
        var request = In("document", "search");
        request["size"] = 2000;
        var result = await client.ResultAsync(request);
        return new(result!["hits"]!.AsArray().ToDictionary(hit => (string)hit!["_id"]!, hit => hit!["_source"]!.ToJsonString()), StringComparer.Ordinal);
    }

    private static JsonObject In(string controller, string action, string? id = null, JsonObject? body = null)
    {
        var request = new JsonObject { ["index"] = "plant", ["collection"] = "tasks", ["controller"] = controller, ["action"] = action };
        if (id is not null) request["_id"] = id;
        if (body is not null) request["body"] = body;
        return request;
    }
}
