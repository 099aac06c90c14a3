using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>Rules that change in the running process, and what must be done for a whole collection while the process is killed.</summary>
public sealed class ChangedRules
{
    private const int Documents = 20_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_reload_sends_what_a_new_rule_covers_brings_down_what_is_there_and_gives_up_what_a_rule_that_goes_left_waiting()
    {
        await using var cloud = new EdgeProcess();
        await using var edge = EdgeOf($"ws://127.0.0.1:{cloud.HttpPort}", "plant/*");
        await cloud.StartAsync();
        await edge.StartAsync();
        await PutAsync(edge, "shop", "orders", ["here"]);
        await PutAsync(cloud, "shop", "prices", ["there"]);
        await PutAsync(edge, "plant", "readings", ["sent"]);
        await ArrivedAsync(cloud, "plant", "readings", 1, edge);
        (await CountAsync(cloud, "shop", "orders")).ShouldBe(0);

        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["kuzzle"]!["rules"] = new JsonArray(
            "plant/*", "shop/orders", new JsonObject { ["match"] = "shop/prices", ["direction"] = "down" }));
        await ArrivedAsync(cloud, "shop", "orders", 1, edge);
        await ArrivedAsync(edge, "shop", "prices", 1, edge);
        await PutAsync(edge, "shop", "orders", ["later"]);
        await ArrivedAsync(cloud, "shop", "orders", 2, edge);
        edge.Output.ShouldNotContain("need a restart");

        // The upstream goes away, something waits, and its rule goes.
        await cloud.KillAsync();
        await PutAsync(edge, "plant", "readings", ["waits"]);
        await PutAsync(edge, "shop", "orders", ["waits"]);
        (await BacklogAsync(edge)).ShouldBe(2);
        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["kuzzle"]!["rules"] = new JsonArray("shop/orders"));
        await Eventually.TrueAsync(async () => await BacklogAsync(edge) == 1, Limit, () => $"It is not given up:\n{edge.Output}");
        await PutAsync(edge, "plant", "readings", ["meanwhile"]);
        (await BacklogAsync(edge)).ShouldBe(1);

        // It comes back, over a kill, as a new one.
        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["kuzzle"]!["rules"] = new JsonArray("shop/orders", "plant/*"));
        await edge.KillAsync();
        await edge.StartAsync();
        await cloud.StartAsync();
        await ArrivedAsync(cloud, "shop", "orders", 3, edge);
        await ArrivedAsync(cloud, "plant", "readings", 3, edge);
        await Eventually.TrueAsync(async () => await BacklogAsync(edge) == 0, Limit, () => $"Something waits:\n{edge.Output}");
    }

    [Fact]
    public async Task A_resync_goes_on_where_a_kill_has_cut_it()
    {
        await using var edge = EdgeOf("ws://127.0.0.1:1", "plant/*");
        await edge.StartAsync();
        for (var start = 0; start < Documents; start += 1000) await PutAsync(edge, "plant", "readings", Enumerable.Range(start, 1000).Select(n => string.Create(CultureInfo.InvariantCulture, $"d{n}")));

        // What waits goes with its rule, so that the first contact enters all of it again.
        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["kuzzle"]!["rules"] = new JsonArray("other/*"));
        await Eventually.TrueAsync(async () => await BacklogAsync(edge) == 0, Limit, () => $"It is not given up:\n{edge.Output}");
        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["kuzzle"]!["rules"] = new JsonArray("plant/*"));
        await using (var client = await KuzzleClient.ConnectAsync(edge))
        {
            var waiting = await client.ResultAsync(new JsonObject { ["controller"] = "edge/sync", ["action"] = "resync", ["index"] = "plant", ["collection"] = "readings" });
            ((int)waiting!["waiting"]!).ShouldBe(Documents);
        }

        await edge.KillAsync();
        await edge.StartAsync();
        (await BacklogAsync(edge)).ShouldBe(Documents);

        await using var cloud = new EdgeProcess();
        await cloud.StartAsync();
        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["kuzzle"]!["url"] = $"ws://127.0.0.1:{cloud.HttpPort}");
        await ArrivedAsync(cloud, "plant", "readings", Documents, edge);
        await Eventually.TrueAsync(async () => await BacklogAsync(edge) == 0, Limit, () => $"Something waits:\n{edge.Output}");
    }

    [Fact]
    public async Task What_was_deleted_in_the_cloud_during_an_outage_goes_here_soon_after_it()
    {
        await using var cloud = new EdgeProcess();
        await using var edge = EdgeOf($"ws://127.0.0.1:{cloud.HttpPort}", new JsonObject { ["match"] = "plant/*", ["direction"] = "down" });
        await cloud.StartAsync();
        await edge.StartAsync();
        await PutAsync(cloud, "plant", "orders", ["goes", "stays"]);
        await ArrivedAsync(edge, "plant", "orders", 2, edge);

        await edge.KillAsync();
        await using (var client = await KuzzleClient.ConnectAsync(cloud))
        {
            var delete = In("document", "delete", "plant", "orders");
            delete["_id"] = "goes";
            await client.ResultAsync(delete);
        }

        await edge.StartAsync();
        await ArrivedAsync(edge, "plant", "orders", 1, edge);
    }

    private static EdgeProcess EdgeOf(string url, JsonNode rule) => new(configuration => configuration["upstream"] = new JsonObject
    {
        ["kuzzle"] = new JsonObject { ["url"] = url, ["rules"] = new JsonArray(rule), ["maxRetryDelay"] = "1s", ["compareDelay"] = "1s" },
    });

    private static async Task PutAsync(EdgeProcess gateway, string index, string collection, IEnumerable<string> ids)
    {
        await using var client = await KuzzleClient.ConnectAsync(gateway);
        await client.ResultAsync(In("collection", "create", index, collection));
        var request = In("bulk", "mWrite", index, collection);
        request["body"] = new JsonObject { ["documents"] = new JsonArray([.. ids.Select(id => (JsonNode)new JsonObject { ["_id"] = id, ["body"] = new JsonObject { ["text"] = id } })]) };
        (await client.ResultAsync(request))!["errors"]!.AsArray().ShouldBeEmpty();
    }

    private static Task ArrivedAsync(EdgeProcess gateway, string index, string collection, int count, EdgeProcess edge) =>
        Eventually.TrueAsync(async () => await CountAsync(gateway, index, collection) == count, Limit, () => $"{index}/{collection} does not come to {count}:\n{edge.Output}");

    private static async Task<int> CountAsync(EdgeProcess gateway, string index, string collection)
    {
        await using var client = await KuzzleClient.ConnectAsync(gateway);
        var answer = await client.AskAsync(In("document", "count", index, collection));
        return answer["error"] is null ? answer["result"]!["count"]!.GetValue<int>() : 0;
    }

    private static async Task<long> BacklogAsync(EdgeProcess edge)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        return (long)(await client.ResultAsync(new JsonObject { ["controller"] = "edge/sync", ["action"] = "status" }))!["backlog"]!["documents"]!;
    }

    private static JsonObject In(string controller, string action, string index, string collection) =>
        new() { ["controller"] = controller, ["action"] = action, ["index"] = index, ["collection"] = collection };
}
