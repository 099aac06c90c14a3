namespace Kuzzle.Edge.Api.Requests;

/// <summary>On whose behalf a request runs.</summary>
/// <param name="Kuid">Kuzzle's user identifier; <c>"-1"</c> is the anonymous user, null is the product itself.</param>
public sealed record Caller(string? Kuid)
{
    /// <summary>A client that showed no token.</summary>
    public static Caller Anonymous { get; } = new("-1");

    /// <summary>This process: sensors and the link. Every right, and no author in document metadata.</summary>
    public static Caller System { get; } = new((string?)null);

    /// <summary>A device of this box acting under its own name: every right, and its name as author.</summary>
    public static Caller Device(string name) => new(name) { IsTrusted = true };

    /// <summary>True when rights need not be asked for: the caller is a part of this process.</summary>
    public bool IsTrusted { get; private init; }

    /// <inheritdoc cref="IsTrusted"/>
    public bool HasEveryRight => IsTrusted || Kuid is null;
}
