namespace Kuzzle.Edge.Api.Routes;

/// <summary>What clients may know of an action: its ways over HTTP and its arguments.</summary>
/// <param name="controller">The controller.</param>
/// <param name="action">The action.</param>
public sealed class ApiAction(string controller, string action)
{
    private const string WholeBody = "*";

    /// <summary>Its controller.</summary>
    public string Controller { get; } = controller;

    /// <summary>Its name in the controller.</summary>
    public string Action { get; } = action;

    /// <summary>Its routes: those of <see cref="Routes"/>, then those of <see cref="Deprecated"/>.</summary>
    public IReadOnlyList<HttpRoute> HttpRoutes => LazyInitializer.EnsureInitialized(ref field, ReadRoutes);

    /// <summary>Its arguments beside those in the path and those in the body.</summary>
    public IReadOnlyList<ActionArgument> Arguments => LazyInitializer.EnsureInitialized(ref field, () => ActionArgument.ReadAll(Query));

    /// <summary>The members of its body; none when there is no body, or when the body as a whole is one thing.</summary>
    public IReadOnlyList<ActionArgument> BodyMembers => LazyInitializer.EnsureInitialized(ref field, () => IsWholeBody ? [] : ActionArgument.ReadAll(Body));

    /// <summary>Whether the body as a whole is one thing, such as a document.</summary>
    public bool IsWholeBody => Body.StartsWith(WholeBody, StringComparison.Ordinal);

    /// <summary>Whether there must be a body.</summary>
    public bool NeedsBody => Body.Contains('!');

    /// <summary>Whether it can have a body.</summary>
    public bool TakesBody => Body.Length > 0;

    /// <summary>True when only a Kuzzle in the cloud has it. Its routes are known, so that they are not taken for documents.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Whether its body over HTTP may be anything: it comes to the action as <c>payload_base64</c>, with its <c>contentType</c>.</summary>
    public bool HasRawBody { get; init; }

    /// <summary>Whether its routes are those of another product: they are looked for last, so that they hide no index, and 202 is what that product answers.</summary>
    public bool IsAlias { get; init; }

    internal IReadOnlyList<string> Routes { get; init; } = [];

    internal IReadOnlyList<string> Deprecated { get; init; } = [];

    /// <summary>In the notation of <see cref="ActionArgument"/>.</summary>
    internal string Query { get; init; } = "";

    /// <summary>In the notation of <see cref="ActionArgument"/>, or <c>*</c> for a body that is one thing.</summary>
    internal string Body { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Controller}:{Action}";

    private IReadOnlyList<HttpRoute> ReadRoutes() =>
    [
        .. Routes.Select(route => HttpRoute.Read(route, isDeprecated: false)),
        .. Deprecated.Select(route => HttpRoute.Read(route, isDeprecated: true)),
    ];
}
