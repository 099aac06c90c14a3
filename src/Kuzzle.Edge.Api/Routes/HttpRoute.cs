namespace Kuzzle.Edge.Api.Routes;

/// <summary>A way over HTTP to an action.</summary>
/// <param name="Method">The HTTP method, in capitals.</param>
/// <param name="Path">The path; a segment that begins with a colon is an argument.</param>
/// <param name="IsDeprecated">Whether Kuzzle keeps it only for old programs.</param>
public sealed record HttpRoute(string Method, string Path, bool IsDeprecated)
{
    /// <summary>The path between its slashes.</summary>
    public IReadOnlyList<string> Segments { get; } = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The names of the arguments in the path, in their order.</summary>
    public IEnumerable<string> PathArguments => Segments.Where(IsArgument).Select(segment => segment[1..]);

    /// <summary>Whether a segment of a route stands for any text.</summary>
    public static bool IsArgument(string segment) => segment.StartsWith(':');

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";

    internal static HttpRoute Read(string notation, bool isDeprecated) =>
        notation.Split(' ') is [var method, var path] ? new(method, path, isDeprecated) : throw new ArgumentException($"\"{notation}\" is no method and path.", nameof(notation));
}
