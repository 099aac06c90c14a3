using System.Globalization;
using Kuzzle.Edge.CommandLine;

namespace Kuzzle.Edge.Tests.CommandLine;

/// <summary>The manual page of the package tells of everything that the command line knows.</summary>
public sealed class ManualTests
{
    private static readonly string Manual = Repository.Read("docs/man/kuzzle-edge.8");

    [Fact]
    public void Every_command_is_in_the_manual()
    {
        var commands = EdgeCommand.Create().Subcommands;

        commands.ShouldNotBeEmpty();
        foreach (var command in commands)
        {
            Manual.ShouldContain($"\n.B {command.Name}\n", customMessage: "under COMMANDS");
            Manual.ShouldContain($".B kuzzle-edge {command.Name}\n", customMessage: "in the SYNOPSIS");
        }
    }

    [Fact]
    public void Every_exit_code_is_in_the_manual()
    {
        foreach (var code in Enum.GetValues<ExitCode>())
        {
            Manual.ShouldContain($"\n{((int)code).ToString(CultureInfo.InvariantCulture)} ", customMessage: code.ToString());
        }
    }
}
