using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Acceptance.PowerCuts;

/// <summary>Commands to devices outlive kills: what was acknowledged is there, is delivered, and is said to be delivered only when its device has said so.</summary>
public sealed class KillWithCommands(ITestOutputHelper log)
{
    private const int Rounds = 8;
    private const long Long = 3_600_000;
    private const long Short = 1_500;

    private static readonly string[] Willing = ["d0", "d1", "d2"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>What was acknowledged to whoever sent it: the device, and what it was to live.</summary>
    private readonly ConcurrentDictionary<string, (string Device, long Ttl, int Qos)> _acknowledged = new(StringComparer.Ordinal);

    /// <summary>The names of commands that devices have acknowledged, or are about to.</summary>
    private readonly ConcurrentDictionary<string, int> _received = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_acknowledged_command_is_delivered_and_none_is_said_to_be_that_its_device_has_not_acknowledged()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        log.WriteLine($"seed {seed}");
        await using var edge = new EdgeProcess(configuration =>
        {
            var mqtt = configuration["server"]!["protocols"]!["mqtt"]!;
            mqtt["listeners"]!.AsArray().Add(new JsonObject { ["host"] = "127.0.0.1", ["port"] = DevicePort, ["profile"] = "drogue" });
            configuration["registry"] = new JsonObject { ["passwordIterations"] = 100 };
        });
        await edge.StartAsync();
        await MakeDevicesAsync(edge);

        for (var round = 0; round < Rounds; round++)
        {
            await SendUntilKilledAsync(edge, random.Next(1, 120), round);
            await edge.StartAsync();
            await AssertStatesAsync(edge, $"round {round}, seed {seed}");
        }

        await using (var devices = await ConnectedAsync(Willing))
        {
            await Eventually.TrueAsync(async () => (await StatesAsync(edge)).All(IsSettled), Patience, () => $"Not all is settled, seed {seed}:\n{edge.Output}");
            await AssertStatesAsync(edge, $"in the end, seed {seed}");
        }

        var states = await StatesAsync(edge);
        foreach (var (id, (device, ttl, qos)) in _acknowledged.Where(command => command.Value.Ttl == Long && command.Value.Qos == 1 && Willing.Contains(command.Value.Device)))
        {
            states[id].State.ShouldBe("delivered", $"{id} of {device}, ttl {ttl}, qos {qos}, seed {seed}");
            _received.ContainsKey(states[id].Command).ShouldBeTrue($"{id} was never received by {device}, seed {seed}");
        }

        log.WriteLine($"{_acknowledged.Count} commands, {_received.Count} received, {_received.Values.Count(times => times > 1)} more than once; {string.Join(", ", states.Values.CountBy(state => state.State))}");
        states.Values.ShouldContain(state => state.State == "expired");
        _acknowledged.Count.ShouldBeGreaterThan(Rounds);
    }

    private static int DevicePort { get; } = FreePort();

    /// <summary>Whether nothing is owed to this command any more by a gateway whose willing devices are here.</summary>
    private bool IsSettled(KeyValuePair<string, CommandFields> command) =>
        command.Value.State != "queued"
        || (!Willing.Contains(command.Value.Command.Split('-')[0]) && !(_acknowledged.TryGetValue(command.Key, out var known) && known.Ttl == Short));

    private async Task SendUntilKilledAsync(EdgeProcess edge, int killAfter, int round)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        await using var devices = await ConnectedAsync([.. Willing, "mute"]);
        var answers = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        async Task SendAsync(int sender)
        {
            try
            {
                for (var count = 0; ; count++)
                {
                    var (device, ttl, qos) = ((sender + count) % 8) switch
                    {
                        0 => ("mute", Long, 1),
                        1 => ("away", Short, 1),
                        2 => ("away", Long, 1),
                        3 => ("d0", 0L, 1),
                        4 => ("d1", 0L, 0),
                        var other => ($"d{other % 3}", Long, 1),
                    };
                    var name = $"{device}-{round}-{sender}-{count}";
                    var id = count % 2 == 0 ? await SendByActionAsync(client, device, name, ttl, qos) : await SendAsDocumentAsync(client, device, name, ttl, qos);
                    _acknowledged[id] = (device, ttl, qos);
                    if (Interlocked.Increment(ref answers) == killAfter) enough.SetResult();
                }
            }
            catch (WebSocketException)
            {
                // The kill: what was under way may or may not be stored.
            }
        }

        var senders = Enumerable.Range(0, 8).Select(SendAsync).ToArray();
        await enough.Task;
        await edge.KillAsync();
        await Task.WhenAll(senders);
    }

    private static async Task<string> SendByActionAsync(KuzzleClient client, string device, string name, long ttl, int qos)
    {
        var result = await client.ResultAsync(new JsonObject
        {
            ["controller"] = "edge/commands",
            ["action"] = "send",
            ["application"] = "plant",
            ["device"] = device,
            ["command"] = name,
            ["ttl"] = ttl,
            ["qos"] = qos,
        });
        return (string)result!["id"]!;
    }

    private static async Task<string> SendAsDocumentAsync(KuzzleClient client, string device, string name, long ttl, int qos)
    {
        await client.ResultAsync(new JsonObject
        {
            ["controller"] = "document",
            ["action"] = "create",
            ["index"] = "plant",
            ["collection"] = "commands",
            ["_id"] = name,
            ["body"] = new JsonObject { ["device"] = device, ["command"] = name, ["ttl"] = ttl, ["qos"] = qos },
        });
        return name;
    }

    private static async Task MakeDevicesAsync(EdgeProcess edge)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        await client.ResultAsync(new JsonObject { ["controller"] = "edge/applications", ["action"] = "create", ["_id"] = "plant", ["body"] = new JsonObject() });
        foreach (var device in (string[])[.. Willing, "mute", "away"])
        {
            await client.ResultAsync(new JsonObject
            {
                ["controller"] = "edge/devices",
                ["action"] = "create",
                ["application"] = "plant",
                ["_id"] = device,
                ["body"] = JsonNode.Parse("""{"spec":{"authentication":{"credentials":[{"pass":"secret"}]}}}"""),
            });
        }

        // The collection comes to be with the first command, and documents are created in it.
        await client.ResultAsync(new JsonObject { ["controller"] = "edge/commands", ["action"] = "send", ["application"] = "plant", ["device"] = "away", ["command"] = "first" });
    }

    private async Task<DeviceCrowd> ConnectedAsync(IReadOnlyList<string> names)
    {
        var crowd = new DeviceCrowd();
        foreach (var name in names)
        {
            // Counted before it is acknowledged: whatever is said to be delivered must be among them.
            crowd.Add(await CommandReceiver.ConnectAsync(DevicePort, name, "plant", "secret", command =>
            {
                if (name == "mute") return false;
                _received.AddOrUpdate(command, 1, (_, times) => times + 1);
                return true;
            }));
        }

        return crowd;
    }

    /// <summary>Nothing that was acknowledged is lost, and no state says what is not so.</summary>
    private async Task AssertStatesAsync(EdgeProcess edge, string when)
    {
        // What the kill has cut off is decided behind the start.
        await Eventually.TrueAsync(
            async () => (await StatesAsync(edge)).All(command => command.Value.State != "queued" || !_acknowledged.TryGetValue(command.Key, out var known) || known.Ttl > 0),
            Patience,
            () => $"Commands for those who were there then are still queued, {when}:\n{edge.Output}");
        var states = await StatesAsync(edge);
        foreach (var (id, (device, ttl, qos)) in _acknowledged)
        {
            states.ContainsKey(id).ShouldBeTrue($"lost in {when}: {id} of {device}, ttl {ttl}, qos {qos}");
            var fields = states[id];
            var about = $"{fields} of {device}, ttl {ttl}, qos {qos}, in {when}";
            fields.State.ShouldBeOneOf(ttl == 0 ? ["delivered", "failed", "expired"] : ["queued", "delivered", "expired"], about);
            if (fields.State == "delivered" && qos == 1) _received.ContainsKey(fields.Command).ShouldBeTrue(about);
            if (device is "mute" or "away") fields.State.ShouldNotBe("delivered", about);
            if (ttl == Long) fields.State.ShouldNotBe("expired", about);
            (fields.DeliveredAt is not null).ShouldBe(fields.State == "delivered", about);
        }
    }

    private static async Task<Dictionary<string, CommandFields>> StatesAsync(EdgeProcess edge)
    {
        await using var client = await KuzzleClient.ConnectAsync(edge);
        var all = new Dictionary<string, CommandFields>(StringComparer.Ordinal);
        var page = await client.ResultAsync(new JsonObject
        {
            ["controller"] = "document",
            ["action"] = "search",
            ["index"] = "plant",
            ["collection"] = "commands",
            ["size"] = 500,
            ["scroll"] = "1m",
        });
        while (true)
        {
            foreach (var hit in page!["hits"]!.AsArray())
            {
                var source = hit!["_source"]!;
                all[(string)hit["_id"]!] = new CommandFields((string)source["command"]!, (string?)source["state"] ?? "queued", (long?)source["deliveredAt"], (string?)source["error"]);
            }

            if (all.Count >= (int)page["total"]!) return all;
            page = await client.ResultAsync(new JsonObject { ["controller"] = "document", ["action"] = "scroll", ["scrollId"] = (string)page["scrollId"]! });
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record CommandFields(string Command, string State, long? DeliveredAt, string? Error);

    private sealed class DeviceCrowd : IAsyncDisposable
    {
        private readonly List<CommandReceiver> _devices = [];

        public void Add(CommandReceiver device) => _devices.Add(device);

        public async ValueTask DisposeAsync()
        {
            foreach (var device in _devices) await device.DisposeAsync();
        }
    }
}
