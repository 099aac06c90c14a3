using Kuzzle.Edge.Api.Security.Credentials;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>The hash of this product, as for its users.</summary>
internal sealed class Pbkdf2Hash(PasswordHash hash) : ISecretHash
{
    public const string Name = "pbkdf2";

    /// <summary>Half a minute of a small board; more is a mistake or an attack.</summary>
    public const int MaxIterations = 10_000_000;

    public string Text => hash.Text;

    public string Scheme => Name;

    public static Pbkdf2Hash? Parse(string text) => PasswordHash.Parse(text) is { Iterations: <= MaxIterations } hash ? new Pbkdf2Hash(hash) : null;

    public bool Verify(string password) => hash.Verify(password);
}
