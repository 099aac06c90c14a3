using System.Collections;
using System.CommandLine;
using System.Globalization;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Configuration.Layers;

namespace Kuzzle.Edge.CommandLine;

/// <summary>The command line: what may be said, and who does it.</summary>
internal static class EdgeCommand
{
    private const string ExitCodes =
        """
        Exit codes: 0 all is well; 64 wrong command line; 65 the data are damaged, or of a newer version; 66 there is nothing of that name; 69 an address or port cannot be listened on, or a sensor or the
        gateway does not answer; 70 a fault of the program; 71 the box has an alarm; 72 SQLite is missing; 73 the data folder cannot be written; 74 the disk fails or is full; 75 another gateway has the data folder; 77 the gateway does not allow it;
        78 wrong configuration.
        """;

    /// <summary>Does what the arguments say and answers the exit code.</summary>
    public static async Task<int> InvokeAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0)
        {
            return StandardError.Write(ExitCode.Usage, $"{parsed.Errors[0].Message} See kuzzle-edge --help.");
        }

        // Signals are the gateway's own business, and so are exceptions.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    /// <summary>Everything that may be said.</summary>
    public static RootCommand Create()
    {
        var file = new Option<string>("--config") { Description = "A kuzzlerc file. Read after /etc/kuzzle-edge/kuzzlerc and kuzzlerc.d/*.json.", HelpName = "FILE" };

        var run = new Command("run", "Runs the gateway in the foreground until SIGTERM or SIGINT; SIGHUP reads the configuration again.") { TreatUnmatchedTokensAsErrors = false };
        run.Add(file);
        run.SetAction((parsed, _) => RunCommand.InvokeAsync(Sources(parsed, file)));

        var check = new Command("check", "Reads the configuration, tells everything that is wrong with it, and starts nothing.") { TreatUnmatchedTokensAsErrors = false };
        check.Add(file);
        check.SetAction(parsed => CheckCommand.Invoke(Sources(parsed, file)));

        var user = new Argument<string?>("USER") { Description = "With a user name a whole file for kuzzlerc.d is printed instead of the hash alone.", Arity = ArgumentArity.ZeroOrOne };
        var iterations = new Option<int>("--iterations")
        {
            Description = "How expensive checking the password is. Fewer than the default only for long random passwords.",
            HelpName = "N",
            DefaultValueFactory = _ => PasswordHash.DefaultIterations,
        };
        iterations.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var count) || count is < 1 or > PasswordHash.MaxIterations))
            {
                result.AddError($"--iterations must be a whole number from 1 to {PasswordHash.MaxIterations}.");
            }
        });
        var passwd = new Command("passwd", "Reads a password, from the terminal or the first line of standard input, and prints its hash for the configuration.");
        passwd.Add(user);
        passwd.Add(iterations);
        passwd.SetAction(parsed => PasswdCommand.Invoke(parsed.GetValue(user), parsed.GetValue(iterations)));

        var root = new RootCommand(
            $"""
            Kuzzle.Edge, a gateway for single-board computers: MQTT broker, Kuzzle API, sensors, upstream link.

            Single settings may follow the options: kuzzle-edge run --server.port=7513. docs/configuration.md lists them.

            {ExitCodes}
            """);
        root.Add(run);
        root.Add(check);
        root.Add(passwd);
        root.Add(SensorsCommand.Create(file, parsed => Sources(parsed, file)));
        root.Add(Status());
        root.Add(SyncCommand.Create());
        root.Add(ClaimCommand.Create(file, parsed => Sources(parsed, file)));
        root.Add(FirstBootCommand.Create());
        foreach (var command in BackupCommand.Create(file, parsed => Sources(parsed, file))) root.Add(command);
        root.Add(UpdateCommand.Create(file, parsed => Sources(parsed, file)));
        foreach (var option in root.Options.OfType<VersionOption>()) option.Action = new VersionAction();
        return root;
    }

    private static Command Status()
    {
        var folder = new Option<string?>("--folder") { Description = "The folder that the service writes its state to, if not /run/kuzzle-edge.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Prints JSON instead of sentences." };
        var status = new Command("status", "Tells how the service on this machine is, and what is wrong with it. Ends with 71 when there is an alarm.") { folder, json };
        status.SetAction(parsed => StatusCommand.Invoke(parsed.GetValue(folder), parsed.GetValue(json), Console.Out));
        return status;
    }

    private static ConfigurationSources Sources(ParseResult parsed, Option<string> file) => new()
    {
        File = parsed.GetValue(file),
        Arguments = parsed.UnmatchedTokens,
        Environment = Variables(),
    };

    private static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables()) variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }
}
