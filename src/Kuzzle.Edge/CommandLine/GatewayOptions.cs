using System.CommandLine;
using System.CommandLine.Parsing;

namespace Kuzzle.Edge.CommandLine;

/// <summary>Which gateway a command asks, and as whom.</summary>
internal sealed class GatewayOptions
{
    private const string TokenVariable = "KUZZLE_EDGE_TOKEN";

    private readonly Option<Uri?> _url;
    private readonly Option<string?> _token;

    /// <summary>Both options.</summary>
    /// <param name="urlDescription">What the address is for.</param>
    /// <param name="fallback">The address when none is given; null where that means something else.</param>
    public GatewayOptions(string urlDescription, Uri? fallback)
    {
        _url = new Option<Uri?>("--url")
        {
            Description = urlDescription,
            HelpName = "URL",
            CustomParser = result =>
                Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : Refuse(result),
        };
        if (fallback is not null) _url.DefaultValueFactory = _ => fallback;
        _token = new Option<string?>("--token") { Description = $"A token or API key of an administrator; or the variable {TokenVariable}.", HelpName = "TOKEN" };
    }

    /// <summary>The gateway of this machine, as it is configured by default.</summary>
    public static Uri Local { get; } = new("http://127.0.0.1:7512");

    /// <summary>Lets a command take both.</summary>
    public void AddTo(Command command)
    {
        AddUrlTo(command);
        command.Add(_token);
    }

    /// <summary>Lets a command that nobody needs to be logged in for take the address.</summary>
    public void AddUrlTo(Command command) => command.Add(_url);

    /// <summary>The address; null when there is none and no fallback.</summary>
    public Uri? UrlIn(ParseResult parsed) => parsed.GetValue(_url);

    /// <summary>The token, from the command line or the environment; null to be anonymous.</summary>
    public string? TokenIn(ParseResult parsed) => parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable(TokenVariable);

    private static Uri? Refuse(ArgumentResult result)
    {
        result.AddError($"--url must be an address such as {Local}, not \"{result.Tokens[0].Value}\".");
        return null;
    }
}
