using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>The bridge of the real process: to mosquitto, and as a gateway to the device endpoint of another box.</summary>
public sealed class Bridges
{
    private const int Messages = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_crosses_at_QoS_2_arrives_once_though_both_sides_end_and_return()
    {
        using var mosquitto = new Mosquitto();
        mosquitto.Start();
        await ListensAsync(mosquitto.Port);
        await using var edge = new EdgeProcess(configuration => configuration["upstream"] = new JsonObject
        {
            ["mqtt"] = new JsonArray(new JsonObject
            {
                ["name"] = "plant",
                ["url"] = Invariant($"mqtt://127.0.0.1:{mosquitto.Port}"),
                ["maxInFlight"] = 5,
                ["maxRetryDelay"] = "1s",
                ["topics"] = new JsonArray(new JsonObject { ["pattern"] = "#", ["direction"] = "both", ["qos"] = 2, ["localPrefix"] = "here/", ["remotePrefix"] = "there/" }),
            }),
        });
        await edge.StartAsync();
        await RunAsync("mosquitto_sub", edge.OpenPort, "-i", "reader", "-c", "-q", "2", "-t", "here/in/#", "-E");
        await RunAsync("mosquitto_sub", mosquitto.Port, "-i", "reader", "-c", "-q", "2", "-t", "there/out/#", "-E");

        await mosquitto.StopAsync();
        await PublishAsync(edge.OpenPort, "here/out/a");
        mosquitto.Start();
        await ListensAsync(mosquitto.Port);
        var random = new Random(7);
        for (var blow = 0; blow < 4; blow++)
        {
            await Task.Delay(random.Next(20, 300));
            if (blow % 2 == 0)
            {
                await edge.KillAsync();
                await edge.StartAsync();
            }
            else
            {
                await mosquitto.StopAsync();
                mosquitto.Start();
                await ListensAsync(mosquitto.Port);
            }
        }

        (await ReadAsync(mosquitto.Port, "there/out/#")).ShouldBe(Numbers);

        // The other way mosquitto itself begins exchanges again that it has released, when it is restarted; see docs/bridges.md.
        await edge.KillAsync();
        await PublishAsync(mosquitto.Port, "there/in/a");
        await mosquitto.StopAsync();
        mosquitto.Start();
        await ListensAsync(mosquitto.Port);
        for (var blow = 0; blow < 4; blow++)
        {
            await edge.StartAsync();
            await Task.Delay(random.Next(20, 300));
            await edge.KillAsync();
        }

        await edge.StartAsync();
        (await ReadAsync(edge.OpenPort, "here/in/#")).ShouldBe(Numbers);
    }

    [Fact]
    public async Task The_status_and_the_topics_tell_how_a_bridge_stands_and_a_reload_takes_it_away()
    {
        using var mosquitto = new Mosquitto();
        mosquitto.Start();
        await ListensAsync(mosquitto.Port);
        await using var edge = new EdgeProcess(configuration => configuration["upstream"] = new JsonObject
        {
            ["mqtt"] = new JsonArray(new JsonObject { ["name"] = "plant", ["url"] = Invariant($"mqtt://127.0.0.1:{mosquitto.Port}"), ["clientId"] = "box", ["topics"] = new JsonArray("#") }),
        });
        await edge.StartAsync();

        await using (var told = ForeignProgram.Start("mosquitto_sub", ["-h", "127.0.0.1", "-p", Text(edge.OpenPort), "-t", "$SYS/broker/connection/plant/state"]))
        {
            while (await told.ReadLineAsync() != "1") edge.ProcessId.ShouldBePositive();
            (await ReadOneAsync(mosquitto.Port, "$SYS/broker/connection/box/state")).ShouldBe("1");
            var bridge = (await StatusAsync(edge))["bridges"]!.AsArray().ShouldHaveSingleItem()!;
            ((string?)bridge["state"]).ShouldBe("online");

            mosquitto.Kill();
            (await told.ReadLineAsync()).ShouldBe("0");
        }

        mosquitto.Start();
        await ListensAsync(mosquitto.Port);
        await Eventually.TrueAsync(async () => (string?)(await StatusAsync(edge))["bridges"]![0]!["state"] == "online", Patience, () => edge.Output);
        await edge.ReconfigureAsync(configuration => configuration["upstream"]!["mqtt"] = new JsonArray());

        (await StatusAsync(edge))["bridges"]!.AsArray().ShouldBeEmpty();
        (await ReadOneAsync(mosquitto.Port, "$SYS/broker/connection/box/state")).ShouldBe("0");
    }

    [Fact]
    public async Task A_drogue_gateway_speaks_for_its_devices_and_hands_them_their_commands()
    {
        var drogue = FreePort();
        await using var cloud = new EdgeProcess(configuration => Listeners(configuration).Add(new JsonObject { ["port"] = drogue, ["host"] = "127.0.0.1", ["profile"] = "drogue" }));
        await cloud.StartAsync();
        await DoAsync(cloud, "/_/edge/applications/app1/_create", """{"edge":{"store":"all"}}""");
        await DoAsync(cloud, "/_/edge/app1/devices/box/_create", """{"spec":{"authentication":{"credentials":[{"pass":"secret"}]}}}""");
        await DoAsync(cloud, "/_/edge/app1/devices/dev1/_create", """{"spec":{"authentication":{},"gatewaySelector":{"matchNames":["box"]}}}""");

        var port = FreePort();
        await using var edge = new EdgeProcess(configuration =>
        {
            Listeners(configuration).Add(new JsonObject { ["port"] = port, ["host"] = "127.0.0.1", ["profile"] = "drogue" });
            configuration["upstream"] = new JsonObject
            {
                ["mqtt"] = new JsonArray(new JsonObject
                {
                    ["name"] = "cloud",
                    ["url"] = Invariant($"mqtt://127.0.0.1:{drogue}"),
                    ["auth"] = new JsonObject { ["username"] = "box@app1", ["password"] = "secret" },
                    ["maxRetryDelay"] = "1s",
                    ["drogue"] = new JsonObject { ["application"] = "plant", ["commandTtl"] = "10m" },
                }),
            };
        });
        await edge.StartAsync();
        await DoAsync(edge, "/_/edge/applications/plant/_create", "{}");
        await DoAsync(edge, "/_/edge/plant/devices/dev1/_create", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        await Eventually.TrueAsync(async () => (string?)(await StatusAsync(edge))["bridges"]![0]!["state"] == "online", Patience, () => edge.Output);

        // While the cloud is away, what the device says waits on the disk, the gateway's own end included.
        await cloud.KillAsync();
        for (var number = 0; number < 5; number++)
        {
            await RunAsync("mosquitto_pub", port, "-V", "mqttv5", "-u", "dev1@plant", "-P", "one", "-i", "d", "-q", "1", "-t", "temp", "-m", Invariant($$"""{"value":{{number}}}"""));
        }

        await edge.KillAsync();
        await edge.StartAsync();
        await cloud.StartAsync();
        await Eventually.TrueAsync(async () => (await EventsAsync(cloud)).Select(said => (int)said["data"]!["value"]!).Distinct().Count() == 5, Patience, () => edge.Output);
        var events = await EventsAsync(cloud);
        events.ShouldAllBe(said => (string?)said["device"] == "dev1" && (string?)said["sender"] == "box" && (string?)said["channel"] == "temp");

        // The device sleeps: the command waits here for it.
        await Eventually.TrueAsync(async () => (string?)(await StatusAsync(edge))["bridges"]![0]!["state"] == "online", Patience, () => edge.Output);
        await DoAsync(cloud, "/_/edge/app1/devices/dev1/_command/set", """{"on":true}""");
        await Eventually.TrueAsync(async () => (long)(await StatusAsync(edge))["bridges"]![0]!["received"]! == 1, Patience, () => edge.Output);
        var (exitCode, output) = await ForeignProgram.RunAsync(
            "mosquitto_sub",
            ["-h", "127.0.0.1", "-p", Text(port), "-V", "mqttv5", "-u", "dev1@plant", "-P", "one", "-i", "d", "-q", "1", "-t", "command/inbox/#", "-C", "1", "-W", "30", "-F", "%t %p"]);
        exitCode.ShouldBe(0, output);
        output.ShouldBe("command/inbox//set {\"on\":true}\n");
    }

    private static string[] Numbers => [.. Enumerable.Range(0, Messages).Select(number => Text(number))];

    private static JsonArray Listeners(JsonObject configuration) => configuration["server"]!["protocols"]!["mqtt"]!["listeners"]!.AsArray();

    private static async Task PublishAsync(int port, string topic)
    {
        await using var publisher = ForeignProgram.Start("mosquitto_pub", ["-h", "127.0.0.1", "-p", Text(port), "-q", "2", "-t", topic, "-l"]);
        foreach (var number in Numbers) await publisher.WriteLineAsync(number);
        publisher.EndInput();
        (await publisher.ReadToEndAsync()).ShouldBeEmpty();
    }

    /// <summary>All that waits for the reader, and what comes within three seconds behind it. By one reader: one that ends amid an exchange of QoS 2 takes its message with it.</summary>
    private static async Task<List<string>> ReadAsync(int port, string filter)
    {
        await using var reader = ForeignProgram.Start("mosquitto_sub", ["-h", "127.0.0.1", "-p", Text(port), "-i", "reader", "-c", "-q", "2", "-t", filter]);
        var heard = new List<string>();
        while (heard.Count < Messages) heard.Add(await reader.ReadLineAsync());
        heard.AddRange(await reader.ReadLinesAsync(TimeSpan.FromSeconds(3)));
        return heard;
    }

    private static async Task<string> ReadOneAsync(int port, string topic)
    {
        var (exitCode, output) = await ForeignProgram.RunAsync("mosquitto_sub", ["-h", "127.0.0.1", "-p", Text(port), "-t", topic, "-C", "1", "-W", "30"]);
        exitCode.ShouldBe(0, output);
        return output.TrimEnd('\n');
    }

    private static async Task RunAsync(string program, int port, params string[] arguments)
    {
        var (exitCode, output) = await ForeignProgram.RunAsync(program, ["-h", "127.0.0.1", "-p", Text(port), .. arguments]);
        exitCode.ShouldBe(0, output);
    }

    private static async Task<JsonNode> StatusAsync(EdgeProcess edge) => await DoAsync(edge, "/_query", """{"controller":"edge/sync","action":"status"}""");

    private static async Task<List<JsonNode>> EventsAsync(EdgeProcess edge)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Invariant($"http://127.0.0.1:{edge.HttpPort}")) };
        using var response = await http.PostAsJsonAsync("/app1/events/_search?size=100", new JsonObject());
        if (!response.IsSuccessStatusCode) return []; // Nothing was said yet, so there is no collection.

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return [.. answer["result"]!["hits"]!.AsArray().Select(hit => hit!["_source"]!).Where(said => (string?)said["type"] == "io.drogue.event.v1")];
    }

    private static async Task<JsonNode> DoAsync(EdgeProcess edge, string path, string body)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Invariant($"http://127.0.0.1:{edge.HttpPort}")) };
        using var response = await http.PostAsJsonAsync(path, JsonNode.Parse(body));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        response.IsSuccessStatusCode.ShouldBeTrue(answer.ToJsonString());
        return answer["result"]!;
    }

    private static async Task ListensAsync(int port) => await Eventually.TrueAsync(
        async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        Patience,
        () => Invariant($"Nothing listens on port {port}."));

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
