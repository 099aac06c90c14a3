namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>The passwords of a document, hashed before it is put: that is slow, and others need not wait for it.</summary>
/// <param name="Hashes">By the password; null where too many waited.</param>
/// <param name="Declared">By what they will be known again.</param>
internal sealed record HashedPasswords(IReadOnlyDictionary<string, ISecretHash?> Hashes, DeclaredPasswords Declared);
