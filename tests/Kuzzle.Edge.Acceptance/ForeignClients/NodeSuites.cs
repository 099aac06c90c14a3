using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.ForeignClients;

/// <summary>Suites written with npm packages of others, run by node's own test runner against the process.</summary>
public sealed class NodeSuites
{
    [Theory]
    [InlineData("seed-mqtt.test.mjs")]
    [InlineData("mqtt-websocket.test.mjs")]
    [InlineData("kuzzle-sdk.test.mjs")]
    [InlineData("kuzzle-sdk-memory.test.mjs")]
    [InlineData("kuzzle-sdk-security.test.mjs")]
    public async Task Passes(string suite)
    {
        await using var edge = new EdgeProcess();
        await edge.StartAsync();

        var (exitCode, output) = await ForeignProgram.RunAsync(
            "node",
            ["--test", "--test-reporter=spec", suite],
            ("KUZZLE_EDGE_MQTT_PORT", $"{edge.MqttPort}"),
            ("KUZZLE_EDGE_HTTP_PORT", $"{edge.HttpPort}"));

        exitCode.ShouldBe(0, $"{output}\n--- the gateway said ---\n{edge.Output}");
        output.ShouldContain("fail 0");
        output.ShouldNotContain("pass 0");
    }
}
