using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.ForeignClients;

/// <summary>Kuzzle's dialect of 2015 as a shell script speaks it: one program asks, another listens.</summary>
public sealed class LegacyMosquittoClients
{
    [Fact]
    public async Task A_script_of_2015_subscribes_writes_and_reads_with_mosquitto_alone()
    {
        await using var edge = new EdgeProcess(configuration => configuration["server"]!["protocols"]!["mqtt"]!["legacy"] = new JsonObject { ["enabled"] = true });
        await edge.StartAsync();
        await using var listener = await ListenAsync(edge.MqttPort, "mqtt.script", "mqtt.new yorkers");

        await PublishAsync(edge.MqttPort, "subscribe.people.on", """{"clientId":"script","requestId":"new yorkers","body":{"term":{"city":"NYC"}}}""");
        var subscribed = await HearAsync(listener, "mqtt.new yorkers", "mqtt.script");
        var room = subscribed["mqtt.script"]["result"]!;
        ((string)room["roomName"]!).ShouldBe("new yorkers");
        ((string)subscribed["mqtt.new yorkers"]["result"]!["roomId"]!).ShouldBe((string)room["roomId"]!);

        await PublishAsync(edge.MqttPort, "write.people.create", """{"clientId":"script","requestId":"w","persist":true,"body":{"name":"Ada","city":"NYC"}}""");
        var created = await HearAsync(listener, "mqtt.new yorkers", "mqtt.script");
        var id = (string)created["mqtt.script"]["result"]!["_id"]!;
        created["mqtt.new yorkers"].ToJsonString().ShouldBe(
            $$$"""{"error":null,"result":{"_id":"{{{id}}}","_source":{"name":"Ada","city":"NYC"},"action":"create","collection":"people","controller":"write","requestId":"w"}}""");

        await PublishAsync(edge.MqttPort, "read.people.search", """{"clientId":"script","requestId":"s","body":{"filter":{}}}""");
        var found = await HearAsync(listener, "mqtt.script");
        ((string)found["mqtt.script"]["result"]!["hits"]!["hits"]![0]!["_id"]!).ShouldBe(id);
    }

    /// <summary>The next messages, one on each of these topics, in whatever order they come.</summary>
    private static async Task<Dictionary<string, JsonObject>> HearAsync(ForeignProgram listener, params string[] topics)
    {
        var heard = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        while (heard.Count < topics.Length)
        {
            var line = await listener.ReadLineAsync();
            if (!line.StartsWith("> ", StringComparison.Ordinal)) continue;

            var parts = line[2..].Split('\t');
            heard.Add(parts[0], JsonNode.Parse(parts[1])!.AsObject());
        }

        heard.Keys.ShouldBe(topics, ignoreOrder: true);
        return heard;
    }

    private static async Task<ForeignProgram> ListenAsync(int port, params string[] topics)
    {
        // -d prints a line for the SUBACK: from then on nothing can be missed.
        var listener = ForeignProgram.Start(
            "stdbuf",
            ["-oL", "mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", $"{port}", .. topics.SelectMany(static topic => new[] { "-t", topic }), "-F", "> %t\t%p"]);
        string line;
        do
        {
            line = await listener.ReadLineAsync();
        }
        while (!line.StartsWith("Subscribed", StringComparison.Ordinal));

        return listener;
    }

    private static async Task PublishAsync(int port, string topic, string payload)
    {
        var (exitCode, output) = await ForeignProgram.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{port}", "-t", topic, "-m", payload, "-q", "1"]);
        exitCode.ShouldBe(0, output);
    }
}
