using System.CommandLine;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.FirstBoot;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge claim</c>: for a box that has lost its administrators. Who may write the gateway's data needs no other proof.</summary>
internal static class ClaimCommand
{
    /// <summary>The command.</summary>
    /// <param name="file">The option that names a configuration file.</param>
    /// <param name="sources">What there is of a configuration.</param>
    public static Command Create(Option<string> file, Func<ParseResult, ConfigurationSources> sources)
    {
        var reset = new Option<bool>("--reset") { Description = "Makes a code with which somebody becomes the administrator, once, as long as there is none." };
        var claim = new Command("claim", "Tells whether this box has an owner; lets it be claimed again when its administrators were lost with its database.") { TreatUnmatchedTokensAsErrors = false };
        claim.Add(file);
        claim.Add(reset);
        claim.SetAction(parsed => Invoke(sources(parsed), parsed.GetValue(reset), Console.Out));
        return claim;
    }

    /// <summary>Tells, or makes the code.</summary>
    public static int Invoke(ConfigurationSources sources, bool isReset, TextWriter output)
    {
        try
        {
            var directory = EdgeConfiguration.StorageDirectory(sources);
            if (!Directory.Exists(directory)) return StandardError.Write(ExitCode.DataUnwritable, $"there are no data in {directory}, or this user may not see them");

            var mark = new ClaimMark(directory, NullLogger.Instance);
            if (!mark.IsClaimed)
            {
                output.WriteLine("This box has had no administrator yet. Whoever makes the first one owns it (docs/security.md); an image's console shows the code that it takes.");
            }
            else if (isReset)
            {
                output.WriteLine(HowToClaim(mark.Reopen(), EdgeConfiguration.LocalAddress(sources)));
            }
            else
            {
                output.WriteLine(mark.IsReopened
                    ? "This box has an owner. A code for claiming it again was made and is not used up; --reset makes another."
                    : "This box has an owner. If its administrators were lost with its database, restore a backup, or let it be claimed again by --reset.");
            }

            return (int)ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return StandardError.Write(ExitCode.DataUnwritable, exception.Message);
        }
    }

    private static string HowToClaim(string code, Uri? gateway) =>
        $$"""
        With this code somebody becomes the administrator of this box, once, as long as it has none:

          curl -H Content-Type:application/json {{gateway ?? GatewayOptions.Local}}_createFirstAdmin/admin -d '{
            "claimCode": "{{code}}", "credentials": { "local": { "username": "admin", "password": "..." } } }'
        """;
}
