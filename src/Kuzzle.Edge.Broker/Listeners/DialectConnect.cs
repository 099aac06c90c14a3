namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What a client of a dialect says in its CONNECT.</summary>
/// <param name="ClientId">The client identifier as it was sent; may be empty.</param>
/// <param name="UserName">The user name, or null.</param>
/// <param name="Password">The password, or null. Overwritten once the client was judged.</param>
/// <param name="IsClean">Clean Session, in MQTT 5 Clean Start.</param>
public sealed record DialectConnect(string ClientId, string? UserName, ReadOnlyMemory<byte>? Password, bool IsClean)
{
    /// <summary>Without the password, so that nobody logs it by accident.</summary>
    public override string ToString() => $"client {ClientId}, user {UserName ?? "none"}, clean {IsClean}";
}
