using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>The link as its operator meets it: the running process, its signals, and <c>kuzzle-edge sync</c>.</summary>
public sealed class Operating
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_reload_changes_the_address_and_the_login_and_a_pause_outlives_the_process()
    {
        await using var cloud = new EdgeProcess();
        await using var edge = new EdgeProcess(configuration => configuration["upstream"] = new JsonObject
        {
            ["kuzzle"] = new JsonObject { ["url"] = "ws://127.0.0.1:1", ["rules"] = new JsonArray("plant/*"), ["maxRetryDelay"] = "1h" },
        });
        await cloud.StartAsync();
        await edge.StartAsync();
        await CreateAsync(edge, "first");
        await StateAsync(edge, "offline");
        var (code, said) = await SyncAsync(edge, "status");
        (code, said).ShouldSatisfyAllConditions(() => code.ShouldBe(0), () => said.ShouldContain("ws://127.0.0.1:1/ cannot be reached"));

        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["kuzzle"]!["url"] = $"ws://127.0.0.1:{cloud.HttpPort}");
        await ArrivedAsync(cloud, edge, 1);

        (await SyncAsync(edge, "pause")).ExitCode.ShouldBe(0);
        await edge.KillAsync();
        await edge.StartAsync();
        await CreateAsync(edge, "second");
        await StateAsync(edge, "suspended");
        (await CountAsync(cloud)).ShouldBe(1);

        (code, said) = await SyncAsync(edge, "resume", "--watch");
        code.ShouldBe(0, said);
        said.ShouldContain("0 of 1 wait");
        await ArrivedAsync(cloud, edge, 2);
        (code, said) = await SyncAsync(edge, "resync", "plant/nothing");
        code.ShouldBe(66, said);
        said.ShouldContain("plant");

        // The box has made itself known.
        await using var above = await KuzzleClient.ConnectAsync(cloud);
        var nodes = (await above.ResultAsync(new JsonObject { ["controller"] = "document", ["action"] = "search", ["index"] = "edge", ["collection"] = "nodes", ["body"] = new JsonObject() }))!;
        nodes["hits"]!.AsArray().ShouldHaveSingleItem()!["_source"]!["name"]!.ToString().ShouldBe(Environment.MachineName);

        // And an operator finds the link in the metrics.
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{edge.HttpPort}/_/edge/system/metrics"));
        foreach (var name in (string[])["upstream.online", "upstream.backlog", "upstream.delivered", "upstream.connections", "upstream.messages.sent"])
        {
            metrics.Replace('.', '_').ShouldContain(name.Replace('.', '_'));
        }
    }

    [NetworkNamespaceFact]
    public async Task A_network_that_comes_up_ends_the_wait_for_the_next_attempt()
    {
        var space = string.Create(CultureInfo.InvariantCulture, $"kuzzle-edge-{Environment.ProcessId}");
        var directory = Directory.CreateTempSubdirectory("kuzzle-edge-network-").FullName;
        await IpAsync("netns", "add", space);
        try
        {
            await IpAsync("-n", space, "link", "set", "lo", "up");
            await using var cloud = StartIn(space, directory, "cloud", 7513, upstream: null);
            await using var edge = StartIn(space, directory, "edge", 7512, "ws://10.99.0.1:7513");

            // No address, no way: the pauses grow.
            var next = DateTimeOffset.MinValue;
            await Eventually.TrueAsync(
                async () =>
                {
                    var status = await StatusInAsync(space);
                    if (status?["nextAttempt"] is not { } moment) return false;
                    next = DateTimeOffset.FromUnixTimeMilliseconds(moment.GetValue<long>());
                    return next - TimeProvider.System.GetUtcNow() > TimeSpan.FromSeconds(15);
                },
                TimeSpan.FromMinutes(3),
                () => "The pauses do not grow.");

            await IpAsync("-n", space, "link", "add", "up0", "type", "veth", "peer", "name", "up1");
            await IpAsync("-n", space, "link", "set", "up1", "up");
            await IpAsync("-n", space, "link", "set", "up0", "up");
            await IpAsync("-n", space, "address", "add", "10.99.0.1/24", "dev", "up0");
            await Eventually.TrueAsync(async () => (string?)(await StatusInAsync(space))?["state"] == "online", Limit, () => "It does not come online.");

            TimeProvider.System.GetUtcNow().ShouldBeLessThan(next - TimeSpan.FromSeconds(1), "it did not wait for its time");
        }
        finally
        {
            await IpAsync("netns", "delete", space);
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ForeignProgram StartIn(string space, string directory, string name, int port, string? upstream)
    {
        var configuration = new JsonObject
        {
            ["server"] = new JsonObject { ["port"] = port, ["protocols"] = new JsonObject { ["mqtt"] = new JsonObject { ["enabled"] = false } } },
            ["security"] = new JsonObject { ["freshRights"] = "open" },
            ["storage"] = new JsonObject { ["path"] = Path.Combine(directory, name) },
        };
        if (upstream is not null)
        {
            configuration["upstream"] = new JsonObject { ["kuzzle"] = new JsonObject { ["url"] = upstream, ["rules"] = new JsonArray("plant/*"), ["maxRetryDelay"] = "1h" } };
        }

        var file = Path.Combine(directory, $"{name}.json");
        File.WriteAllText(file, configuration.ToJsonString());
        return ForeignProgram.Start("ip", ["netns", "exec", space, RepositoryLayout.Binary, "run", "--config", file]);
    }

    private static async Task<JsonNode?> StatusInAsync(string space)
    {
        var (code, output) = await ForeignProgram.RunAsync("ip", ["netns", "exec", space, RepositoryLayout.Binary, "sync", "status", "--json"]);
        return code == 0 ? JsonNode.Parse(output) : null; // Not up yet.
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var (code, output) = await ForeignProgram.RunAsync("ip", arguments);
        code.ShouldBe(0, $"ip {string.Join(' ', arguments)}: {output}");
    }

    private static Task<(int ExitCode, string Output)> SyncAsync(EdgeProcess edge, params string[] arguments) =>
        ForeignProgram.RunAsync(RepositoryLayout.Binary, ["sync", .. arguments, "--url", $"http://127.0.0.1:{edge.HttpPort}"]);

    private static async Task CreateAsync(EdgeProcess edge, string id)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        await client.ResultAsync(In("collection", "create"));
        var request = In("document", "create");
        request["_id"] = id;
        request["body"] = new JsonObject { ["text"] = id };
        await client.ResultAsync(request);
    }

    private static Task StateAsync(EdgeProcess edge, string state) => Eventually.TrueAsync(
        async () =>
        {
            await using var client = await KuzzleClient.ConnectAsync(edge);
            return (string?)(await client.ResultAsync(new JsonObject { ["controller"] = "edge/sync", ["action"] = "status" }))!["state"] == state;
        },
        Limit,
        () => $"It does not become {state}:\n{edge.Output}");

    private static Task ArrivedAsync(EdgeProcess cloud, EdgeProcess edge, int count) =>
        Eventually.TrueAsync(async () => await CountAsync(cloud) == count, Limit, () => $"They do not arrive:\n{edge.Output}");

    private static async Task<int> CountAsync(EdgeProcess cloud)
    {
        await using var client = await KuzzleClient.ConnectAsync(cloud);
        var answer = await client.AskAsync(In("document", "count"));
        return answer["error"] is null ? answer["result"]!["count"]!.GetValue<int>() : 0;
    }

    private static JsonObject In(string controller, string action) => new() { ["controller"] = controller, ["action"] = action, ["index"] = "plant", ["collection"] = "readings" };
}
