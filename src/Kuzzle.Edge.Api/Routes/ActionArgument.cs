namespace Kuzzle.Edge.Api.Routes;

/// <summary>One argument of an action.</summary>
/// <param name="Name">Its name in the request, or in the body.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsRequired">Whether the action fails without it.</param>
/// <param name="Choices">The only values there are, or none when it is free.</param>
public sealed record ActionArgument(string Name, ArgumentKind Kind, bool IsRequired, IReadOnlyList<string> Choices)
{
    /// <summary>
    /// Reads the notation of the tables: names with spaces between them, each with its kind after a colon (text when there is none, or the choices with bars
    /// between them), and an exclamation mark when it is required.
    /// </summary>
    internal static IReadOnlyList<ActionArgument> ReadAll(string notation) =>
        [.. notation.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)];

    private static ActionArgument Read(string notation)
    {
        var isRequired = notation.EndsWith('!');
        var parts = notation.TrimEnd('!').Split(':');
        var kind = parts is [_, var named] ? named : "text";
        return new(parts[0], KindOf(kind), isRequired, kind.Contains('|') ? kind.Split('|') : []);
    }

    private static ArgumentKind KindOf(string kind) => kind switch
    {
        "flag" => ArgumentKind.Flag,
        "integer" => ArgumentKind.Integer,
        "number" => ArgumentKind.Number,
        "list" => ArgumentKind.List,
        "object" => ArgumentKind.Object,
        _ => ArgumentKind.Text,
    };
}
