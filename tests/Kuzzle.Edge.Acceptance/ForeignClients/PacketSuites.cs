using Kuzzle.Edge.Acceptance.Running;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Acceptance.ForeignClients;

/// <summary>
/// The packet suites of <c>scripts/conformance</c>: 1,826 exchanges that were written for other brokers. They take seconds; the Paho suites, which take minutes,
/// are for that script alone.
/// </summary>
public sealed class PacketSuites
{
    [SharedFact]
    public async Task Every_packet_is_answered_as_the_standard_says()
    {
        var (exitCode, output) = await ForeignProgram.RunAsync(
            Path.Combine(RepositoryLayout.Root, "scripts", "conformance"),
            ["packets31", "packets311", "packets5", "--binary", RepositoryLayout.Binary],
            ("KUZZLE_EDGE_SHARED", SharedMaterial.Directory!));

        exitCode.ShouldBe(0, output);
        foreach (var suite in (string[])["packets31", "packets311", "packets5"]) output.ShouldContain($"{suite}: ");
        output.ShouldContain(" 0 failed");
        output.ShouldNotContain(": 0 passed");
    }
}
