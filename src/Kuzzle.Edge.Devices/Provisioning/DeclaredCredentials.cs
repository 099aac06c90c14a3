using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>Finds out which of the declared credentials a device has already, without hashing a password that was hashed once.</summary>
/// <param name="registry">Where what is found out is kept.</param>
/// <param name="passwords">By what declared passwords are known again.</param>
/// <param name="proven">Told of passwords that are known to be right: their devices need not be asked twice.</param>
internal sealed class DeclaredCredentials(DeviceRegistry registry, DeclaredPasswords passwords, ProvenSecrets proven)
{
    /// <inheritdoc cref="DeclaredPasswords"/>
    public DeclaredPasswords Passwords => passwords;

    /// <summary>
    /// Puts, for each declared credential that is there already, what the document shows of it in its place; where all are there, the declaration says nothing of them afterwards.
    /// </summary>
    /// <param name="sent">The declaration.</param>
    /// <param name="known">The device.</param>
    /// <param name="work">Where passwords that are not known again are hashed.</param>
    /// <param name="cancellationToken">Ends the wait for that.</param>
    /// <returns>Whether the device has these credentials and no others, or its declaration says nothing of them; and why that cannot be told, which the next time may.</returns>
    public async Task<(bool IsSame, ApiError? Fault)> KeepKnownAsync(JsonObject sent, Device known, PasswordWork work, CancellationToken cancellationToken)
    {
        if (DeviceDocument.TakeCredentials(sent, new FieldReader()).List is not { } list) return (true, null);

        var marked = known.Credentials.ToArray();
        var found = new List<StoredCredential>();
        for (var i = 0; i < list.Count; i++)
        {
            for (var place = 0; place < marked.Length; place++)
            {
                if (found.Exists(credential => credential.Id == marked[place].Id)) continue; // The same password twice is two credentials.

                var (isIt, fingerprint, fault) = await CompareAsync(list[i] as JsonObject, marked[place], work, cancellationToken);
                if (fault is not null) return (false, fault);
                if (!isIt) continue;

                list[i] = marked[place].Show();
                found.Add(marked[place]);
                if (marked[place].Fingerprint != fingerprint) marked[place] = marked[place] with { Fingerprint = fingerprint };
                break;
            }
        }

        if (marked.Where((credential, place) => !ReferenceEquals(credential, known.Credentials[place])).Any()) await registry.KeepFingerprintsAsync(known, marked, cancellationToken);
        if (sent["spec"] is not JsonObject spec) sent["spec"] = spec = [];
        if (list.Count == found.Count && found.Select(credential => credential.Id).SequenceEqual(known.Credentials.Select(credential => credential.Id)))
        {
            spec.Remove("authentication"); // Nothing more is to be said of them; an empty section would take them away.
            return (true, null);
        }

        spec["authentication"] = new JsonObject { ["credentials"] = list.DeepClone() };
        return (false, null);
    }

    /// <summary>After a device was made or changed as its declaration wants: its passwords are right, and need not be hashed once more when it comes.</summary>
    public void Remember(JsonElement document, Device device)
    {
        if (DocumentBytes.NodeOf(document) is not JsonObject declared || DeviceDocument.TakeCredentials(declared, new FieldReader()).List is not { } list) return;

        foreach (var (entry, credential) in list.Zip(device.Credentials))
        {
            if (PlainOf(entry as JsonObject, credential) is var (plain, hash) && passwords.Knows(hash, credential.Fingerprint, plain)) proven.Add(hash, plain);
        }
    }

    private async Task<(bool IsIt, string? Fingerprint, ApiError? Fault)> CompareAsync(JsonObject? declared, StoredCredential known, PasswordWork work, CancellationToken cancellationToken)
    {
        if (declared is not { Count: 1 }) return (false, null, null);
        if (known is PskCredential psk) return (IsKey(declared, psk), null, null);
        if (PlainOf(declared, known) is not var (plain, hash)) return (IsHash(declared, known), null, null);

        if (!passwords.Knows(hash, known.Fingerprint, plain))
        {
            var (isDone, isRight) = await work.TryRunAsync(() => hash.Verify(plain), cancellationToken);
            if (!isDone) return (false, null, DeviceErrors.Busy());
            if (!isRight) return (false, null, null);
        }

        proven.Add(hash, plain);
        return (true, passwords.FingerprintOf(hash, plain), null);
    }

    /// <summary>A password that is declared in plain, and the hash that it may be the password of; null when they are of different kinds.</summary>
    private static (string Plain, ISecretHash Hash)? PlainOf(JsonObject? declared, StoredCredential known) =>
        SecretOf(declared, known) is var (given, hash) && SecretHashes.TryRead(given, out var plain, out _, out _) && plain is not null ? (plain, hash) : null;

    /// <summary>A hash that is declared, or the identifier of a secret.</summary>
    private static bool IsHash(JsonObject declared, StoredCredential known) =>
        SecretOf(declared, known) is var (given, hash) && SecretHashes.TryRead(given, out _, out var written, out var id) && (written is not null ? written.Text == hash.Text : id == known.Id);

    private static (JsonNode? Given, ISecretHash Hash)? SecretOf(JsonObject? declared, StoredCredential known) => known switch
    {
        PassCredential pass when declared?["pass"] is { } given => (given, pass.Hash),
        UserCredential user when declared?["user"] is JsonObject given && DocumentBytes.TextOf(given["username"]) == user.UserName
            && (given["unique"]?.GetValueKind() == JsonValueKind.True) == user.IsUnique => (given["password"], user.Hash),
        _ => null,
    };

    private static bool IsKey(JsonObject declared, PskCredential known)
    {
        if (declared["psk"] is not JsonObject given) return false;

        var fields = new FieldReader();
        var validity = fields.Object(given, "validity", "validity");
        var (notBefore, notAfter) = (fields.Time(validity, "notBefore", "notBefore"), fields.Time(validity, "notAfter", "notAfter"));
        if (fields.Fault is not null || notBefore != known.NotBefore || notAfter != known.NotAfter) return false;

        var key = new byte[known.Key.Length];
        return DocumentBytes.TextOf(given["key"]) is { } text
            ? Convert.TryFromBase64String(text, key, out var length) && length == key.Length && key.AsSpan().SequenceEqual(known.Key)
            : DocumentBytes.TextOf((given["key"] as JsonObject)?["id"]) == known.Id;
    }
}
