using System.Text.Json;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.CommandLine;
using Kuzzle.Edge.Health;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.Health;

/// <summary>What the gateway writes about itself, and what the command says of it.</summary>
public sealed class StatusTests : IDisposable
{
    private static readonly ApplianceCondition Full = new("storage", ConditionSeverity.Alarm, @"The disk \ is full.", DateTimeOffset.UnixEpoch);

    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-status-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void All_is_well()
    {
        Write(HealthState.Serving, []);

        var (code, said) = Ask();

        code.ShouldBe(0);
        said.ShouldBe("serves: MQTT 0.0.0.0:1883\nall is well\n");
    }

    [Fact]
    public void An_alarm_is_a_line_and_an_exit_code()
    {
        Write(HealthState.Serving, [Full]);

        var (code, said) = Ask();

        code.ShouldBe((int)ExitCode.Alarm);
        said.ShouldBe("serves: MQTT 0.0.0.0:1883\nALARM (storage, since 1970-01-01T00:00:00Z): The disk \\ is full.\n");
    }

    [Fact]
    public void A_gateway_that_waits_for_its_data_says_so()
    {
        Write(HealthState.OutOfOrder, [Full]);

        Ask().Said.ShouldStartWith("OUT OF ORDER: ");
    }

    [Fact]
    public void For_programs_it_is_JSON()
    {
        Write(HealthState.Serving, [Full]);

        var output = new StringWriter();
        StatusCommand.Invoke(_folder, asJson: true, output);

        var health = JsonElement.Parse(output.ToString());
        health.GetProperty("status").GetString().ShouldBe("red");
        health.GetProperty("processId").GetInt32().ShouldBe(Environment.ProcessId);
        health.GetProperty("conditions")[0].GetProperty("name").GetString().ShouldBe("storage");
    }

    [Fact]
    public void The_console_gets_a_text_without_escapes_that_everybody_may_read()
    {
        Write(HealthState.Serving, [Full]);

        var issue = Path.Combine(_folder, "issue");
        File.ReadAllText(issue).ShouldContain("  ALARM: The disk / is full.\n");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(issue).HasFlag(UnixFileMode.OtherRead).ShouldBeTrue();
    }

    [Fact]
    public void Where_no_gateway_runs_that_is_said()
    {
        Ask().ExitCode.ShouldBe((int)ExitCode.AddressUnavailable);

        File.WriteAllText(Path.Combine(_folder, "health.json"), """{"processId":2147483647,"status":"green"}""");
        Ask().ExitCode.ShouldBe((int)ExitCode.AddressUnavailable);

        File.WriteAllText(Path.Combine(_folder, "health.json"), "half a f");
        Ask().ExitCode.ShouldBe((int)ExitCode.AddressUnavailable);
    }

    private (int ExitCode, string Said) Ask()
    {
        var output = new StringWriter { NewLine = "\n" };
        return (StatusCommand.Invoke(_folder, asJson: false, output), output.ToString());
    }

    private void Write(HealthState state, IReadOnlyList<ApplianceCondition> conditions) =>
        new HealthFiles(_folder, NullLogger<HealthFiles>.Instance).Write(state, "MQTT 0.0.0.0:1883", conditions);
}
