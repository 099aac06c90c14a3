namespace Kuzzle.Edge.Broker.Access;

/// <summary>A user whom the configuration names.</summary>
/// <param name="Name">The name: what the client sends, or what its certificate or key says.</param>
/// <param name="Password">What is known of the password; null when it has none and can only come with a certificate or key.</param>
/// <param name="IsDisabled">Whether it is shut out, whatever it proves.</param>
public sealed record AccessUser(string Name, PasswordHash? Password, bool IsDisabled = false);
