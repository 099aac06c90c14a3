using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>Three gateways in a row: what one of them holds, in the end all hold, though the one in the middle was away.</summary>
public sealed class Chain
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Two_edges_in_a_chain_and_their_upstream_hold_the_same_in_the_end()
    {
        await using var cloud = new EdgeProcess();
        await using var middle = Below(cloud);
        await using var leaf = Below(middle);
        foreach (var process in (EdgeProcess[])[cloud, middle, leaf]) await process.StartAsync();

        await Task.WhenAll(WriteAsync(cloud, "cloud", 0), WriteAsync(middle, "middle", 0), WriteAsync(leaf, "leaf", 0));
        await EqualAsync(300, cloud, middle, leaf);

        // Both ends go on while the middle is away, killed in the midst of it.
        var writing = Task.WhenAll(WriteAsync(cloud, "cloud", 100), WriteAsync(leaf, "leaf", 100));
        await middle.KillAsync();
        await writing;
        await DeleteAsync(cloud, "leaf-3");
        await DeleteAsync(leaf, "cloud-4");
        await PutAsync(cloud, "middle-5", "changed in the cloud", updatedAt: 4_000_000_000_001);
        await PutAsync(leaf, "middle-5", "changed at the leaf, and later", updatedAt: 4_000_000_000_002);
        await middle.StartAsync();

        var all = await EqualAsync(498, cloud, middle, leaf);
        all["middle-5"].ShouldContain("and later");
        all.ShouldNotContainKey("leaf-3");
        all.ShouldNotContainKey("cloud-4");

        // Nothing goes round: where there is nothing new, nothing is sent.
        var before = await DeliveredAsync(middle, leaf);
        await PutAsync(cloud, "last", "from above", updatedAt: 4_000_000_000_003);
        await EqualAsync(499, cloud, middle, leaf);
        (await DeliveredAsync(middle, leaf)).ShouldBe(before);
    }

    private static EdgeProcess Below(EdgeProcess upstream) => new(configuration => configuration["upstream"] = new JsonObject
    {
        ["kuzzle"] = new JsonObject
        {
            ["url"] = $"ws://127.0.0.1:{upstream.HttpPort}",
            ["rules"] = new JsonArray(new JsonObject { ["match"] = "plant/tasks", ["direction"] = "both", ["compareInterval"] = "2s" }),
            ["maxRetryDelay"] = "1s",
        },
    });

    private static async Task WriteAsync(EdgeProcess edge, string name, int first)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        await client.ResultAsync(In("collection", "create"));
        await Parallel.ForAsync(first, first + 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
        {
            var request = In("document", "createOrReplace");
            request["_id"] = $"{name}-{n}";
            request["body"] = new JsonObject { ["n"] = n, ["from"] = name };
            await client.ResultAsync(request);
        });
    }

    private static async Task PutAsync(EdgeProcess edge, string id, string text, long updatedAt)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        var request = In("bulk", "mWrite");
        request["notify"] = true;
        request["body"] = new JsonObject
        {
            ["documents"] = new JsonArray(new JsonObject
            {
                ["_id"] = id,
                ["body"] = new JsonObject { ["text"] = text, ["_kuzzle_info"] = new JsonObject { ["author"] = "-1", ["createdAt"] = 1, ["updatedAt"] = updatedAt, ["updater"] = "-1" } },
            }),
        };
        await client.ResultAsync(request);
    }

    private static async Task DeleteAsync(EdgeProcess edge, string id)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        var request = In("document", "delete");
        request["_id"] = id;
        await client.ResultAsync(request);
    }

    private static async Task<long> DeliveredAsync(params EdgeProcess[] edges)
    {
        var delivered = 0L;
        foreach (var edge in edges)
        {
            await using var client = await KuzzleClient.ConnectAsync(edge);
            delivered += (await client.ResultAsync(new JsonObject { ["controller"] = "edge/sync", ["action"] = "status" }))!["delivered"]!.GetValue<long>();
        }

        return delivered;
    }

    private static async Task<SortedDictionary<string, string>> EqualAsync(int count, params EdgeProcess[] edges)
    {
        var contents = new List<SortedDictionary<string, string>>();
        await Eventually.TrueAsync(
            async () =>
            {
                contents.Clear();
                foreach (var edge in edges) contents.Add(await ContentAsync(edge));
                return contents.TrueForAll(content => content.Count == count && content.SequenceEqual(contents[0]));
            },
            Limit,
            () => $"""
                They hold {string.Join(", ", contents.Select(content => content.Count))} documents rather than {count}.
                {string.Join("\n---\n", edges.Select(edge => edge.Output))}
                """);
        return contents[0];
    }

    private static async Task<SortedDictionary<string, string>> ContentAsync(EdgeProcess edge)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var request = In("document", "search");
        request["size"] = 1000;
        request["body"] = new JsonObject();
        var answer = await client.AskAsync(request);
        if (answer["error"] is not null) return content; // It has no such collection yet.

        foreach (var hit in answer["result"]!["hits"]!.AsArray()) content[(string)hit!["_id"]!] = hit["_source"]!.ToJsonString();
        return content;
    }

    private static JsonObject In(string controller, string action) => new() { ["controller"] = controller, ["action"] = action, ["index"] = "plant", ["collection"] = "tasks" };
}
