using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Security.Credentials;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>The schemes of password hashes.</summary>
internal static class SecretHashes
{
    /// <summary>What a password may be, to follow its path.</summary>
    public const string Rule =
        "must be a text, or an object with one of plain, pbkdf2 ($pbkdf2-sha512$…), bcrypt ($2b$…, at most cost 14) and sha512 ($6$…, at most 1000000 rounds)";

    /// <summary>A stored line; null when it is none.</summary>
    public static ISecretHash? Read(string? text) => text is null ? null : Pbkdf2Hash.Parse(text) ?? BcryptHash.Parse(text) ?? (ISecretHash?)Sha512CryptHash.Parse(text);

    /// <summary>A hash that no password has, as expensive as a new one.</summary>
    public static ISecretHash Decoy(int iterations) => new Pbkdf2Hash(PasswordHash.Decoy(iterations));

    /// <summary>A new hash. Takes its time.</summary>
    public static ISecretHash Create(string password, int iterations) => new Pbkdf2Hash(PasswordHash.Create(password, iterations));

    /// <summary>Reads a password as documents write it.</summary>
    /// <param name="given">The value.</param>
    /// <param name="plain">The password itself, when it was written so.</param>
    /// <param name="hash">Its hash, when that was written.</param>
    /// <param name="id">When neither was, the identifier of a secret that is kept already; else null.</param>
    /// <returns>False when it is none of them.</returns>
    public static bool TryRead(JsonNode? given, out string? plain, out ISecretHash? hash, out string? id)
    {
        (plain, hash, id) = (null, null, null);
        if (TryText(given, out plain)) return plain.Length > 0;
        if (given is not JsonObject named) return false;

        if (TryText(named["id"], out id) && named.All(member => member.Key is "id" or "scheme")) return true;
        id = null;
        if (named.Count != 1 || !TryText(named.Single().Value, out var text)) return false;

        switch (named.Single().Key)
        {
            case "plain":
                plain = text;
                return text.Length > 0;
            case Pbkdf2Hash.Name:
                hash = Pbkdf2Hash.Parse(text);
                break;
            case BcryptHash.Name:
                hash = BcryptHash.Parse(text);
                break;
            case Sha512CryptHash.Name:
                hash = Sha512CryptHash.Parse(text);
                break;
        }

        return hash is not null;
    }

    private static bool TryText(JsonNode? node, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return node is JsonValue value && value.TryGetValue(out text);
    }
}
