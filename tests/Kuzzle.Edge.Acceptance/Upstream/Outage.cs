using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>Two gateways, one the upstream of the other, and what happens when the link or either side is away.</summary>
public sealed class Outage
{
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_happened_during_an_outage_reaches_the_upstream_once_and_whole()
    {
        await using var upstream = new EdgeProcess();
        await using var edge = EdgeBelow(upstream);
        await edge.StartAsync();
        await using (var client = await KuzzleClient.ConnectAsync(edge)) await WriteThousandAsync(client);

        await edge.KillAsync();
        await edge.StartAsync();
        await upstream.StartAsync();

        await AssertEqualStoresAsync(edge, upstream);
    }

    [Fact]
    public async Task An_upstream_that_dies_while_it_catches_up_misses_nothing()
    {
        await using var upstream = new EdgeProcess();
        await using var edge = EdgeBelow(upstream);
        await upstream.StartAsync();
        await edge.StartAsync();
        await using (var client = await KuzzleClient.ConnectAsync(edge))
        {
            var writing = WriteThousandAsync(client);
            for (var cut = 0; cut < 3; cut++)
            {
                var before = await CountAsync(upstream);
                await Eventually.TrueAsync(
                    async () => writing.IsCompleted || await CountAsync(upstream) > before + 20, CatchUpLimit, () => $"Nothing arrives.\n{edge.Output}");
                await upstream.KillAsync();
                await upstream.StartAsync();
            }

            await writing;
        }

        await AssertEqualStoresAsync(edge, upstream);
    }

    private static EdgeProcess EdgeBelow(EdgeProcess upstream) => new(configuration => configuration["upstream"] = new JsonObject
    {
        ["kuzzle"] = new JsonObject
        {
            ["url"] = $"ws://127.0.0.1:{upstream.HttpPort}",
            ["rules"] = new JsonArray("plant/*"),
        },
    });

    /// <summary>1,000 documents created, 400 of them updated, 200 replaced, 200 deleted, some deleted and created anew; one collection that stays here.</summary>
    private static async Task WriteThousandAsync(KuzzleClient client)
    {
        foreach (var collection in (string[])["readings", "orders"])
        {
            await client.ResultAsync(In("plant", collection, "collection", "create", new JsonObject
            {
                ["mappings"] = new JsonObject { ["properties"] = new JsonObject { ["n"] = new JsonObject { ["type"] = "integer" } } },
            }));
        }

        await client.ResultAsync(In("local", "private", "collection", "create"));
        await client.ResultAsync(In("local", "private", "document", "create", new JsonObject { ["stays"] = "here" }));

        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
        {
            var collection = n % 3 == 0 ? "orders" : "readings";
            await client.ResultAsync(In("plant", collection, "document", "create", new JsonObject { ["n"] = n, ["text"] = $"größer als {n}" }, $"d{n}"));
            if (n % 5 is 0 or 1) await client.ResultAsync(In("plant", collection, "document", "update", new JsonObject { ["n"] = n + 10_000 }, $"d{n}"));
            if (n % 5 == 2) await client.ResultAsync(In("plant", collection, "document", "replace", new JsonObject { ["whole"] = new JsonArray(n, "new") }, $"d{n}"));
            if (n % 5 == 3) await client.ResultAsync(In("plant", collection, "document", "delete", id: $"d{n}"));
            if (n % 50 == 3) await client.ResultAsync(In("plant", collection, "document", "create", new JsonObject { ["again"] = n }, $"d{n}"));
        });
    }

    private static JsonObject In(string index, string collection, string controller, string action, JsonObject? body = null, string? id = null)
    {
        var request = new JsonObject { ["index"] = index, ["collection"] = collection, ["controller"] = controller, ["action"] = action };
        if (body is not null) request["body"] = body;
        if (id is not null) request["_id"] = id;
        return request;
    }

    private static async Task AssertEqualStoresAsync(EdgeProcess edge, EdgeProcess upstream)
    {
        await using var below = await KuzzleClient.ConnectAsync(edge);
        await using var above = await KuzzleClient.ConnectAsync(upstream);
        var expected = await ContentAsync(below);
        expected.Count.ShouldBe(820);

        var last = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await Eventually.TrueAsync(
            async () =>
            {
                last = await ContentAsync(above);
                return last.SequenceEqual(expected);
            },
            CatchUpLimit,
            () => $"""
                The stores differ: {expected.Count} here, {last.Count} upstream; for example
                {string.Join('\n', expected.Except(last).Take(3))}
                {string.Join('\n', last.Except(expected).Take(3))}
                --- the edge said ---
                {edge.Output}
                --- the upstream said ---
                {upstream.Output}
                """);

        (await above.ResultAsync(new JsonObject { ["controller"] = "index", ["action"] = "exists", ["index"] = "local" }))!.GetValue<bool>().ShouldBeFalse();
    }

    /// <summary>All documents of both collections with their whole source, metadata included.</summary>
    private static async Task<SortedDictionary<string, string>> ContentAsync(KuzzleClient client)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var collection in (string[])["readings", "orders"])
        {
            var request = In("plant", collection, "document", "search");
            request["size"] = 2000;
            var answer = await client.AskAsync(request);
            if ((int)answer["status"]! == 412) continue; // The collection has not arrived yet.

            foreach (var hit in answer["result"]!["hits"]!.AsArray())
            {
                content[$"{collection}/{(string)hit!["_id"]!}"] = hit["_source"]!.ToJsonString();
            }
        }

        return content;
    }

    private static async Task<long> CountAsync(EdgeProcess edge)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        var answer = await client.AskAsync(In("plant", "readings", "document", "count"));
        return (int)answer["status"]! == 200 ? (long)answer["result"]!["count"]! : 0;
    }
}
