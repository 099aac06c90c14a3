using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>A command that is written in the cloud reaches a device of a box, and what became of it is read in the cloud.</summary>
public sealed class RemoteCommands
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_command_document_of_the_cloud_is_executed_by_the_box_and_its_state_goes_back_up()
    {
        var port = FreePort();
        await using var cloud = new EdgeProcess();
        await using var box = new EdgeProcess(configuration =>
        {
            configuration["server"]!["protocols"]!["mqtt"]!["listeners"]!.AsArray().Add(new JsonObject { ["port"] = port, ["host"] = "127.0.0.1", ["profile"] = "drogue" });
            configuration["upstream"] = new JsonObject
            {
                ["kuzzle"] = new JsonObject
                {
                    ["url"] = $"ws://127.0.0.1:{cloud.HttpPort}",
                    ["rules"] = new JsonArray(new JsonObject { ["match"] = "app1/commands", ["direction"] = "both" }),
                    ["maxRetryDelay"] = "1s",
                },
            };
        });
        await cloud.StartAsync();
        await box.StartAsync();
        await using (var client = await KuzzleClient.ConnectAsync(box))
        {
            await client.ResultAsync(new JsonObject { ["controller"] = "edge/applications", ["action"] = "create", ["_id"] = "app1", ["body"] = new JsonObject() });
            await client.ResultAsync(new JsonObject
            {
                ["controller"] = "edge/devices",
                ["action"] = "create",
                ["application"] = "app1",
                ["_id"] = "dev1",
                ["body"] = JsonNode.Parse("""{"spec":{"authentication":{"credentials":[{"pass":"secret"}]}}}"""),
            });
        }

        await using var device = ForeignProgram.Start(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{port}", "-u", "dev1@app1", "-P", "secret", "-q", "1", "-t", "command/inbox//#", "-v"]);
        await using var above = await KuzzleClient.ConnectAsync(cloud);
        await above.ResultAsync(In("collection", "create"));
        var command = In("document", "create");
        command["_id"] = "call-7";
        command["body"] = JsonNode.Parse("""{"device":"dev1","command":"set-temp","payload":{"target":21},"qos":1,"ttl":60000}""");
        await above.ResultAsync(command);

        (await device.ReadLineAsync()).ShouldBe("""command/inbox//set-temp {"target":21}""");
        JsonNode? document = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var request = In("document", "get");
                request["_id"] = "call-7";
                document = (await above.ResultAsync(request))!["_source"];
                return (string?)document!["state"] == "delivered";
            },
            Limit,
            () => $"In the cloud it is {document}.\n{box.Output}");
        document!["deliveredAt"]!.GetValue<long>().ShouldBeGreaterThan(0);
        (await above.ResultAsync(new JsonObject { ["controller"] = "document", ["action"] = "count", ["index"] = "app1", ["collection"] = "commands" }))!["count"]!.GetValue<int>().ShouldBe(1);
    }

    private static JsonObject In(string controller, string action) => new() { ["controller"] = controller, ["action"] = action, ["index"] = "app1", ["collection"] = "commands" };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
