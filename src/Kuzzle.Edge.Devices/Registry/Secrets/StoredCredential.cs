using System.Globalization;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>One credential of a device as it is kept: what it is shown by, and the secret. Immutable.</summary>
/// <param name="Id">A name that documents show in place of the secret: an entry that comes back with it keeps its secret.</param>
internal abstract record StoredCredential(string Id)
{
    /// <summary>By what a declared password is known again without hashing it (<see cref="DeclaredPasswords"/>); null for one that was not declared in plain.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The entry as the device's document shows it.</summary>
    public abstract JsonObject Show();

    /// <summary>The entry as the hidden document holds it.</summary>
    public JsonObject Keep()
    {
        var kept = KeepSecret();
        if (Fingerprint is not null) kept["declared"] = Fingerprint;
        return kept;
    }

    /// <summary>Whether both hold the same secret under the same conditions.</summary>
    public bool Equivalent(StoredCredential other) => JsonNode.DeepEquals(KeepSecret(), other.KeepSecret());

    /// <summary>Reads back what <see cref="Keep"/> has written; null when it is something else.</summary>
    public static StoredCredential? Read(JsonObject kept) => ReadSecret(kept) is { } credential ? credential with { Fingerprint = (string?)kept["declared"] } : null;

    /// <summary>Says nothing of the secret.</summary>
    public sealed override string ToString() => $"credential {Id}";

    /// <summary>What <see cref="Keep"/> holds of the secret itself.</summary>
    protected abstract JsonObject KeepSecret();

    protected static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    private static StoredCredential? ReadSecret(JsonObject kept) => (string?)kept["id"] is not { } id ? null : (string?)kept["kind"] switch
    {
        "pass" => SecretHashes.Read((string?)kept["hash"]) is { } hash ? new PassCredential(id, hash) : null,
        "user" => SecretHashes.Read((string?)kept["hash"]) is { } hash && (string?)kept["username"] is { } name
            ? new UserCredential(id, name, (bool?)kept["unique"] ?? false, hash)
            : null,
        "psk" => (string?)kept["key"] is { } key ? new PskCredential(id, Convert.FromBase64String(key), Time(kept["notBefore"]), Time(kept["notAfter"])) : null,
        _ => null,
    };

    private static DateTimeOffset? Time(JsonNode? node) => node is null ? null : DateTimeOffset.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture);
}
