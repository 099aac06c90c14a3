using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>
/// Reads the credentials of a document. What is written in plain is hashed by <paramref name="hash"/>; an entry with the identifier of a secret in place of one keeps what was
/// there, so that a document that was read can be written back.
/// </summary>
/// <param name="fields">Where faults go.</param>
/// <param name="before">The credentials that there are.</param>
/// <param name="hash">Hashes a password; null when too many wait for that.</param>
internal sealed class CredentialReader(FieldReader fields, IReadOnlyList<StoredCredential> before, Func<string, Task<ISecretHash?>> hash)
{
    /// <summary>More would make each login as slow as all of them.</summary>
    private const int MostCredentials = 8;

    private const int MaxKeyBytes = 512;

    /// <summary>By what a password that is written in plain will be known again; by nothing, where nobody will ask.</summary>
    public DeclaredPasswords Declared { get; init; } = new(default);

    /// <summary>Whether a list holds a secret, or something that may be meant as one, and not only the identifiers of secrets that are kept already.</summary>
    public static bool HoldsSecrets(JsonArray list) => !list.All(entry => entry is JsonObject { Count: 1 } named && named.Single() switch
    {
        { Key: "pass", Value: JsonObject secret } => IsShown(secret),
        { Key: "user", Value: JsonObject user } => user["password"] is JsonObject secret && IsShown(secret),
        { Key: "psk", Value: JsonObject psk } => psk["key"] is JsonObject secret && IsShown(secret),
        _ => false,
    });

    public async Task<IReadOnlyList<StoredCredential>> ReadAsync(JsonArray? list, string path)
    {
        var credentials = new List<StoredCredential>();
        if (list is null) return credentials;
        if (list.Count > MostCredentials) fields.Refuse(path, string.Create(CultureInfo.InvariantCulture, $"must have at most {MostCredentials} entries"));

        for (var i = 0; i < list.Count && fields.Fault is null; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (await ReadOneAsync(list[i] as JsonObject, at) is { } credential) credentials.Add(credential);
            else fields.Refuse(at, "must be an object with one of pass, user and psk");
        }

        return credentials;
    }

    private async Task<StoredCredential?> ReadOneAsync(JsonObject? entry, string at)
    {
        if (entry is not { Count: 1 }) return null;
        return entry.Single() switch
        {
            { Key: "pass", Value: var given } => await SecretAsync(given, $"{at}.pass", (id, secret) => new PassCredential(id, secret), kept => (kept as PassCredential)?.Hash),
            { Key: "user", Value: JsonObject given } => await UserAsync(given, $"{at}.user"),
            { Key: "psk", Value: JsonObject given } => Psk(given, $"{at}.psk"),
            _ => null,
        };
    }

    private async Task<StoredCredential?> UserAsync(JsonObject given, string at)
    {
        fields.Only(given, at, "username", "password", "unique");
        var name = fields.Text(given, "username", $"{at}.username");
        var isUnique = fields.Flag(given, "unique", $"{at}.unique") ?? false;
        if (string.IsNullOrEmpty(name)) fields.Refuse($"{at}.username", "must be a text that is not empty");
        return fields.Fault is not null
            ? null
            : await SecretAsync(
                given["password"], $"{at}.password", (id, secret) => new UserCredential(id, name!, isUnique, secret), kept => (kept as UserCredential)?.Hash);
    }

    private async Task<StoredCredential?> SecretAsync(JsonNode? given, string at, Func<string, ISecretHash, StoredCredential> make, Func<StoredCredential, ISecretHash?> secretOf)
    {
        if (!SecretHashes.TryRead(given, out var plain, out var secret, out var id))
        {
            fields.Refuse(at, SecretHashes.Rule);
            return null;
        }

        if (id is not null)
        {
            secret = before.Where(kept => kept.Id == id).Select(secretOf).FirstOrDefault(found => found is not null);
            if (secret is not null) return make(id, secret);

            fields.Refuse($"{at}.id", $"names no secret of this device: \"{id}\"");
            return null;
        }

        secret ??= await hash(plain!);
        if (secret is not null) return make(NewId(), secret) with { Fingerprint = plain is null ? null : Declared.FingerprintOf(secret, plain) };

        fields.Refuse(DeviceErrors.Busy());
        return null;
    }

    private PskCredential? Psk(JsonObject given, string at)
    {
        fields.Only(given, at, "key", "validity");
        var validity = fields.Object(given, "validity", $"{at}.validity");
        fields.Only(validity, $"{at}.validity", "notBefore", "notAfter");
        var notBefore = fields.Time(validity, "notBefore", $"{at}.validity.notBefore");
        var notAfter = fields.Time(validity, "notAfter", $"{at}.validity.notAfter");
        if (notAfter < notBefore) fields.Refuse($"{at}.validity.notAfter", "must not be before notBefore");
        if (fields.Fault is not null) return null;

        if (given["key"] is JsonObject kept && DocumentBytes.TextOf(kept["id"]) is { } id)
        {
            if (before.OfType<PskCredential>().FirstOrDefault(credential => credential.Id == id) is { } known) return known with { NotBefore = notBefore, NotAfter = notAfter };

            fields.Refuse($"{at}.key.id", $"names no secret of this device: \"{id}\"");
            return null;
        }

        var key = new byte[MaxKeyBytes + 1];
        if (fields.Text(given, "key", $"{at}.key") is { } text && Convert.TryFromBase64String(text, key, out var length) && length is > 0 and <= MaxKeyBytes)
        {
            return new PskCredential(NewId(), key[..length], notBefore, notAfter);
        }

        fields.Refuse($"{at}.key", string.Create(CultureInfo.InvariantCulture, $"must be 1 to {MaxKeyBytes} bytes in base 64"));
        return null;
    }

    private static bool IsShown(JsonObject secret) => DocumentBytes.TextOf(secret["id"]) is not null && secret.All(member => member.Key is "id" or "scheme");

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
}
