using Kuzzle.Edge.Api.Security;

namespace Kuzzle.Edge.Api;

/// <summary>How the API behaves. Immutable.</summary>
public sealed record ApiOptions
{
    /// <summary>The name of this box in answers and notifications.</summary>
    public string NodeName { get; init; } = "kuzzle-edge";

    /// <summary>The version that <c>server:info</c> tells.</summary>
    public string Version { get; init; } = "0.0.0";

    /// <summary>What anonymous clients may do as long as there is no administrator.</summary>
    public FreshRights FreshRights { get; init; } = FreshRights.Restricted;

    /// <summary>How users log in.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary>Whether developers are told of deprecated ways, in the member <c>deprecations</c> of answers. Default false.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>The bounds.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>The statistics of requests.</summary>
    public StatisticsOptions Statistics { get; init; } = new();
}
