using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>
/// Brings what is declared into the registry: what it says wins over what is there, what it does not say stays. Where nothing would change nothing is written, so that the same
/// declaration can come with every start.
/// </summary>
internal sealed class Provisioner(DeviceRegistry registry, PasswordWork work)
{
    /// <summary>Applies all that can be, and answers what cannot.</summary>
    public async Task<IReadOnlyList<string>> ApplyAsync(DeclaredRegistry declared, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var (name, document) in declared.Applications)
        {
            if (await ApplyAsync(name, document, cancellationToken) is { } fault) faults.Add($"applications.{name}: {fault.Message}");
        }

        foreach (var (application, devices) in declared.Devices)
        {
            foreach (var (name, document) in devices)
            {
                if (await ApplyAsync(application, name, document, cancellationToken) is { } fault) faults.Add($"devices.{application}.{name}: {fault.Message}");
            }
        }

        return faults;
    }

    private async Task<ApiError?> ApplyAsync(string name, JsonElement document, CancellationToken cancellationToken)
    {
        var sent = DocumentBytes.NodeOf(document) as JsonObject ?? [];
        var known = registry.Book.FindApplication(name);
        if (known is not null && Says(known.Source, sent)) return null;

        return (await registry.PutApplicationAsync(known is null ? DeviceRegistry.Mode.Create : DeviceRegistry.Mode.Update, name, sent, author: null, cancellationToken)).Fault;
    }

    private async Task<ApiError?> ApplyAsync(string application, string name, JsonElement document, CancellationToken cancellationToken)
    {
        var sent = DocumentBytes.NodeOf(document) as JsonObject ?? [];
        var known = registry.Book.FindDevice(application, name);
        if (known is not null)
        {
            await KeepKnownAsync(sent, known, cancellationToken);
            if (Says(known.Source, sent)) return null;
        }

        return (await registry.PutDeviceAsync(known is null ? DeviceRegistry.Mode.Create : DeviceRegistry.Mode.Update, application, name, sent, author: null, cancellationToken)).Fault;
    }

    /// <summary>Puts, for each declared credential that is there already, what the document shows of it in its place.</summary>
    private async Task KeepKnownAsync(JsonObject sent, Device known, CancellationToken cancellationToken)
    {
        if ((sent["spec"] as JsonObject)?["authentication"] is not JsonObject { } section || section["credentials"] is not JsonArray list) return;

        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject entry) continue;
            foreach (var credential in known.Credentials)
            {
                if (!await IsAsync(entry, credential, cancellationToken)) continue;
                list[i] = credential.Show();
                break;
            }
        }

        // A device that is declared without credentials is shown without a list.
        if (list.Count == 0) section.Remove("credentials");
    }

    private async Task<bool> IsAsync(JsonObject declared, StoredCredential known, CancellationToken cancellationToken) => known switch
    {
        PassCredential pass => declared["pass"] is { } given && await IsAsync(given, pass.Hash, cancellationToken),
        UserCredential user => declared["user"] is JsonObject given && DocumentBytes.TextOf(given["username"]) == user.UserName && (given["unique"]?.GetValueKind() == JsonValueKind.True) == user.IsUnique
            && await IsAsync(given["password"], user.Hash, cancellationToken),
        PskCredential psk => declared["psk"] is JsonObject given && DocumentBytes.TextOf(given["key"]) is { } text && text == Convert.ToBase64String(psk.Key)
            && given["validity"] is null && psk is { NotBefore: null, NotAfter: null },
        _ => false,
    };

    private async Task<bool> IsAsync(JsonNode? given, ISecretHash known, CancellationToken cancellationToken)
    {
        if (!SecretHashes.TryRead(given, out var plain, out var hash, out _)) return false;
        if (hash is not null) return hash.Text == known.Text;
        return plain is not null && (await work.TryRunAsync(() => known.Verify(plain), cancellationToken)).Result;
    }

    private static bool Says(JsonElement source, JsonObject sent)
    {
        var before = (JsonObject)DocumentBytes.NodeOf(source)!;
        var after = (JsonObject)before.DeepClone();
        DocumentBytes.Merge(after, sent);
        return JsonNode.DeepEquals(before, after);
    }
}
