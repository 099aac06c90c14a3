using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.ForeignClients;

/// <summary>Debian's <c>mosquitto_pub</c> and <c>mosquitto_sub</c>, as the seed's page and the README use them.</summary>
public sealed class MosquittoClients
{
    [Fact]
    public async Task In_development_mode_one_client_sees_the_answer_to_another_as_the_seed_shows()
    {
        await using var edge = new EdgeProcess(configuration => configuration["server"]!["protocols"]!["mqtt"]!["developmentMode"] = true)
            .With("NODE_ENV", "development");
        await edge.StartAsync();
        await using var subscriber = await SubscribeAsync(edge.MqttPort, "Kuzzle/response");

        await PublishAsync(edge.MqttPort, "Kuzzle/request", """{"controller": "server", "action": "now"}""");

        var answer = JsonNode.Parse(await MessageAsync(subscriber))!.AsObject();
        answer.Select(member => member.Key).Take(9).ShouldBe(
            ["requestId", "status", "error", "controller", "action", "collection", "index", "volatile", "result"]);
        ((int)answer["status"]!).ShouldBe(200);
        answer["collection"].ShouldBeNull();
        ((long)answer["result"]!["now"]!).ShouldBeGreaterThan(1_700_000_000_000);
    }

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Messages_of_every_quality_pass_through_an_open_listener(string version)
    {
        await using var edge = new EdgeProcess();
        await edge.StartAsync();
        await using var subscriber = await SubscribeAsync(edge.OpenPort, "plant/+/temperature", "-V", version, "-q", "2");

        foreach (var qos in (string[])["0", "1", "2"])
        {
            await PublishAsync(edge.OpenPort, $"plant/{qos}/temperature", $"at {qos}", "-V", version, "-q", qos);
        }

        var heard = new[] { await MessageAsync(subscriber), await MessageAsync(subscriber), await MessageAsync(subscriber) };
        heard.Order(StringComparer.Ordinal).ShouldBe(["at 0", "at 1", "at 2"]);
    }

    [Fact]
    public async Task A_retained_message_greets_who_comes_later_and_a_will_tells_who_has_gone()
    {
        await using var edge = new EdgeProcess();
        await edge.StartAsync();
        await PublishAsync(edge.OpenPort, "plant/state", "running", "-r", "-q", "1");
        await using var watcher = ForeignProgram.Start(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{edge.OpenPort}", "-t", "plant/#", "-q", "1", "-v"]);
        (await watcher.ReadLineAsync()).ShouldBe("plant/state running");

        await using (var dying = await SubscribeAsync(
            edge.OpenPort, "plant/state", "--will-topic", "plant/will", "--will-payload", "gone", "--will-qos", "1", "--will-retain"))
        {
            // Disposed without a word: the program is killed.
        }

        (await watcher.ReadLineAsync()).ShouldBe("plant/will gone");
    }

    [Fact]
    public async Task A_persistent_session_is_kept_for_its_client()
    {
        await using var edge = new EdgeProcess();
        await edge.StartAsync();
        string[] away = ["-h", "127.0.0.1", "-p", $"{edge.OpenPort}", "-i", "away", "-c", "-q", "1", "-t", "orders/#"];
        var (subscribed, complaint) = await ForeignProgram.RunAsync("mosquitto_sub", [.. away, "-E"]);
        subscribed.ShouldBe(0, complaint);

        for (var order = 1; order <= 3; order++) await PublishAsync(edge.OpenPort, "orders/new", $"{order}", "-q", "1");

        var (exitCode, output) = await ForeignProgram.RunAsync("mosquitto_sub", [.. away, "-C", "3"]);
        exitCode.ShouldBe(0, output);
        output.ShouldBe("1\n2\n3\n");
    }

    /// <summary>The next payload among the lines of -d.</summary>
    private static async Task<string> MessageAsync(ForeignProgram subscriber)
    {
        while (true)
        {
            var line = await subscriber.ReadLineAsync();
            if (line.StartsWith("> ", StringComparison.Ordinal)) return line[2..];
        }
    }

    private static async Task<ForeignProgram> SubscribeAsync(int port, string topic, params string[] more)
    {
        // -d prints a line for the SUBACK: from then on nothing can be missed.
        var subscriber = ForeignProgram.Start(
            "stdbuf", ["-oL", "mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", $"{port}", "-t", topic, "-F", "> %p", .. more]);
        string line;
        do
        {
            line = await subscriber.ReadLineAsync();
        }
        while (!line.StartsWith("Subscribed", StringComparison.Ordinal));

        return subscriber;
    }

    private static async Task PublishAsync(int port, string topic, string payload, params string[] more)
    {
        var (exitCode, output) = await ForeignProgram.RunAsync(
            "mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{port}", "-t", topic, "-m", payload, .. more]);
        exitCode.ShouldBe(0, output);
    }
}
