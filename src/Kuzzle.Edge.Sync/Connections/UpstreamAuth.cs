namespace Kuzzle.Edge.Sync.Connections;

/// <summary>Who a link is upstream: the holder of an API key, or a user who logs in. Immutable.</summary>
public sealed record UpstreamAuth
{
    /// <summary>An API key (or any other token), sent with every request; null where a user logs in.</summary>
    public UpstreamSecret? ApiKey { get; init; }

    /// <summary>The user who logs in with <see cref="Password"/>; null to use the <see cref="ApiKey"/>.</summary>
    public string? UserName { get; init; }

    /// <summary>That user's password.</summary>
    public UpstreamSecret? Password { get; init; }

    /// <summary>The upstream's strategy that checks user and password.</summary>
    public string Strategy { get; init; } = "local";
}
