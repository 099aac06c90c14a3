using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Errors;

/// <summary>An error as Kuzzle answers it. Immutable.</summary>
/// <param name="Id"><c>domain.subdomain.name</c>, as in Kuzzle's list of errors; empty for the few that are in no list, whose clients see a status and a message only.</param>
/// <param name="Code">domain &lt;&lt; 24 | subdomain &lt;&lt; 16 | number.</param>
/// <param name="Status">The HTTP-like status: 400, 401, 403, 404, 412, 413, 429, 500, 503, 507, or 206 for a partial one.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Props">The values that the message is about.</param>
public sealed record ApiError(string Id, int Code, int Status, string Message, IReadOnlyList<string> Props)
{
    /// <summary>For errors about several things at once: one object for each. Null for the others.</summary>
    public JsonArray? Errors { get; init; }
}
