using System.Globalization;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.PowerCuts;

/// <summary>What MQTT clients were promised is kept when the process is killed, on the disk and with clients of others.</summary>
public sealed class KillWithSessions
{
    [Fact]
    public async Task Acknowledged_and_retained_messages_outlive_a_kill_right_after_their_acknowledgement()
    {
        await using var edge = new EdgeProcess();
        await edge.StartAsync();
        var port = edge.OpenPort.ToString(CultureInfo.InvariantCulture);
        await RunAsync("mosquitto_sub", "-p", port, "-i", "keeper", "-c", "-q", "2", "-t", "kept/#", "-E");

        for (var round = 0; round < 3; round++)
        {
            var text = $"{round}";
            await RunAsync("mosquitto_pub", "-p", port, "-q", "1", "-t", "kept/1", "-m", text);
            await RunAsync("mosquitto_pub", "-p", port, "-q", "2", "-t", "kept/2", "-m", text);
            await RunAsync("mosquitto_pub", "-p", port, "-q", "1", "-r", "-t", "state", "-m", text);
            await edge.KillAsync();
            await edge.StartAsync();
        }

        var kept = await RunAsync("mosquitto_sub", "-p", port, "-i", "keeper", "-c", "-q", "2", "-t", "kept/#", "-C", "6", "-W", "20", "-F", "%t=%p");

        // The client prints a QoS 2 message when it is released, so only the order of a topic tells anything.
        var lines = kept.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Where(line => line.StartsWith("kept/1", StringComparison.Ordinal)).ShouldBe(["kept/1=0", "kept/1=1", "kept/1=2"]);
        lines.Where(line => line.StartsWith("kept/2", StringComparison.Ordinal)).ShouldBe(["kept/2=0", "kept/2=1", "kept/2=2"]);
        (await RunAsync("mosquitto_sub", "-p", port, "-t", "state", "-C", "1", "-W", "20", "-F", "%r %p")).Trim().ShouldBe("1 2");
    }

    [Fact]
    public async Task Clients_that_break_and_a_gateway_that_is_killed_lose_nothing_and_have_nothing_twice()
    {
        var (exitCode, output) = await ForeignProgram.RunAsync(
            "node", ["soak.mjs", "--binary", RepositoryLayout.Binary, "--minutes", "0.25", "--clients", "40", "--rate", "100", "--kill-every", "4"]);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("3 kills");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await ForeignProgram.RunAsync(program, ["-h", "127.0.0.1", .. arguments]);
        exitCode.ShouldBe(0, output);
        return output;
    }
}
