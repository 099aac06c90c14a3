using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Devices.Registry.Secrets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>
/// Changes applications and devices: one change at a time, each in force for everybody as soon as it is committed. Readers ask the book, which no change makes wait.
/// </summary>
internal sealed partial class DeviceRegistry(KuzzleApi api, DeviceOptions options, PasswordWork work, TimeProvider clock, ILogger logger) : IDisposable
{
    private const string Created = "created";
    private const string Updated = "updated";
    private const string Deleted = "deleted";

    private readonly RegistryStore _store = new(api);
    private readonly StoredRegistry _stored = new(logger);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private Task _reloading = Task.CompletedTask;

    public RegistryBook Book { get; } = new();

    /// <summary>Told of each change, after it is in force and before whoever made it has his answer; must neither block nor throw.</summary>
    public Action<RegistryChange>? Changed { get; set; }

    /// <summary>Reads everything from the store.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await RegistryCollections.EnsureAsync(api.Documents, RegistryCollections.Applications, cancellationToken);
        await RegistryCollections.EnsureAsync(api.Documents, RegistryCollections.Secrets, cancellationToken);
        var secrets = await _store.AllSecretsAsync(cancellationToken);
        foreach (var document in await _store.AllAsync(RegistryCollections.Applications, cancellationToken))
        {
            var application = _stored.ReadApplication(document);
            Book.Put(application);
            var untaken = new List<string>();
            foreach (var stored in await _store.AllAsync(application.Devices, cancellationToken))
            {
                var (device, written, _) = _stored.ReadDevice(application, stored, secrets.GetValueOrDefault);
                Book.Put(device);
                if (device.Credentials.Count > 0) secrets.Remove(device.SecretsId);
                if (written is not null && CredentialReader.HoldsSecrets(written)) untaken.Add(stored.Id);
            }

            if (untaken.Count > 0) Reload(application, untaken);
        }

        // Of devices that went with their index.
        if (secrets.Count > 0) await _store.WriteAsync([.. secrets.Keys.Select(id => (RegistryCollections.Secrets, (DocumentWrite)new DocumentRemoval(id)))]);
        var (applications, devices) = (Book.Applications.Count, Book.DeviceCount);
        LogOpened(applications, devices);
    }

    /// <summary>Something that is not this registry has removed or changed devices of an application: they are read again.</summary>
    /// <param name="application">The application.</param>
    /// <param name="ids">Of which documents; null for all of them.</param>
    public void Reload(Application application, IReadOnlyList<string>? ids = null)
    {
        lock (_lock) _reloading = ReloadAsync(application, ids, _reloading);
    }

    /// <inheritdoc cref="RegistryStore.IsOwn"/>
    public bool IsOwn(CollectionName collection, WriteOutcome seen) => _store.IsOwn(collection, seen);

    /// <summary>Completes when nothing is being read again.</summary>
    public Task WhenReloadedAsync()
    {
        lock (_lock) return _reloading;
    }

    public async Task<(Application? Application, ApiError? Fault)> PutApplicationAsync(RegistryWriteMode mode, string name, JsonObject sent, string? author, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var before = Book.FindApplication(name);
            if (mode == RegistryWriteMode.Create && before is not null) return (null, DeviceErrors.ApplicationExists(name));
            if (mode != RegistryWriteMode.Create && before is null) return (null, DeviceErrors.UnknownApplication(name));

            var fields = new FieldReader();
            var document = RegistryDraft.Compose(mode, before?.Source, sent, name, application: null, author, clock.GetUtcNow(), fields);
            var application = fields.Fault is null ? ApplicationDocument.Read(name, document, fields) : null;
            if (application is not null) CheckIndex(application, before, fields);
            if (application is null || fields.Fault is not null) return (null, fields.Fault);

            await _store.WriteAsync(RegistryCollections.Applications, new DocumentPut(name, DocumentBytes.Of(document)));
            await RegistryCollections.EnsureAsync(api.Documents, application.Devices, CancellationToken.None);
            Book.Put(application);
            var takes = before is not null && before.Anchors.Any(anchor => application.Anchors.All(kept => !JsonNode.DeepEquals(kept.Show(), anchor.Show())));
            Tell(new RegistryChange(application, Before: null, After: null, before is null ? Created : Updated) { TakesCredentials = takes });
            return (application, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<(Application? Application, ApiError? Fault)> DeleteApplicationAsync(string name, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Book.FindApplication(name) is not { } application) return (null, DeviceErrors.UnknownApplication(name));

            // One commit: a power cut leaves no half of an application.
            var devices = Book.DevicesOf(name);
            await _store.WriteAsync([.. devices.SelectMany(device => Removal(application, device)), (RegistryCollections.Applications, new DocumentRemoval(name))]);
            foreach (var device in devices)
            {
                Book.Remove(device);
                Tell(new RegistryChange(application, device, After: null, Deleted));
            }

            Book.Remove(application);
            Tell(new RegistryChange(application, Before: null, After: null, Deleted));
            return (application, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes or changes a device.</summary>
    /// <param name="mode">What to do with one that is there.</param>
    /// <param name="applicationName">Its application.</param>
    /// <param name="name">Its name; aliases do not count here.</param>
    /// <param name="sent">The document, or what shall be merged into it. It is changed.</param>
    /// <param name="author">Who does it; null for this process.</param>
    /// <param name="cancellationToken">Ends the wait for the turn.</param>
    public async Task<(Device? Device, ApiError? Fault)> PutDeviceAsync(
        RegistryWriteMode mode, string applicationName, string name, JsonObject sent, string? author, CancellationToken cancellationToken)
    {
        var passwords = new HashedPasswords(await HashAsync(sent, work, cancellationToken), new DeclaredPasswords(default));
        return await PutDeviceAsync(mode, applicationName, name, sent, author, passwords, cancellationToken);
    }

    /// <summary>As for others, with passwords that are hashed already.</summary>
    /// <param name="mode">What to do with one that is there.</param>
    /// <param name="applicationName">Its application.</param>
    /// <param name="name">Its name; aliases do not count here.</param>
    /// <param name="sent">The document, or what shall be merged into it. It is changed.</param>
    /// <param name="author">Who does it; null for this process.</param>
    /// <param name="passwords">What <see cref="HashAsync"/> has made of the document.</param>
    /// <param name="cancellationToken">Ends the wait for the turn.</param>
    public async Task<(Device? Device, ApiError? Fault)> PutDeviceAsync(
        RegistryWriteMode mode, string applicationName, string name, JsonObject sent, string? author, HashedPasswords passwords, CancellationToken cancellationToken)
    {
        var fields = new FieldReader();
        var (list, path) = DeviceDocument.TakeCredentials(sent, fields);
        if (fields.Fault is { } misplaced) return (null, misplaced);

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Book.FindApplication(applicationName) is not { } application) return (null, DeviceErrors.UnknownApplication(applicationName));

            var before = Book.FindDevice(applicationName, name);
            if (mode == RegistryWriteMode.Create && before is not null) return (null, DeviceErrors.DeviceExists(applicationName, name));
            if (mode != RegistryWriteMode.Create && before is null) return (null, DeviceErrors.UnknownDevice(applicationName, name));
            if (before is null && Book.DeviceCount >= options.MaxDevices) return (null, DeviceErrors.TooMany("devices", options.MaxDevices));

            var known = before?.Credentials ?? [];
            var credentials = list is null
                ? mode == RegistryWriteMode.Replace ? [] : known
                : await new CredentialReader(fields, known, plain => Task.FromResult(passwords.Hashes.GetValueOrDefault(plain))) { Declared = passwords.Declared }.ReadAsync(list, path);
            var document = RegistryDraft.Compose(mode, before?.Source, sent, name, application.Name, author, clock.GetUtcNow(), fields);
            DeviceDocument.Show(document, credentials);
            var device = fields.Fault is null ? DeviceDocument.Read(application, name, document, credentials, fields) : null;
            if (device is not null) DeviceDocument.CheckNeighbours(device, Book, fields);
            if (device is null || fields.Fault is not null) return (null, fields.Fault);

            await StoreAsync(application, device, before, document);
            return (device, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Hashes the passwords that a document has in plain; of the same password the same hash is used, which changes nothing. The document stays as it is.</summary>
    public async Task<IReadOnlyDictionary<string, ISecretHash?>> HashAsync(JsonObject document, PasswordWork work, CancellationToken cancellationToken)
    {
        var fields = new FieldReader();
        var (list, _) = DeviceDocument.TakeCredentials((JsonObject)document.DeepClone(), fields);
        if (fields.Fault is not null) return new Dictionary<string, ISecretHash?>(StringComparer.Ordinal); // It will be refused.

        string[] passwords = [.. PlainPasswords(list)];
        var hashes = await Task.WhenAll(passwords.Select(plain => work.TryRunAsync<ISecretHash>(() => SecretHashes.Create(plain, options.PasswordIterations), cancellationToken)));
        return passwords.Zip(hashes).ToDictionary(pair => pair.First, pair => pair.Second.Result, StringComparer.Ordinal);
    }

    public async Task<(Device? Device, ApiError? Fault)> DeleteDeviceAsync(string applicationName, string name, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Book.FindApplication(applicationName) is not { } application) return (null, DeviceErrors.UnknownApplication(applicationName));
            if (Book.FindDevice(applicationName, name) is not { } device) return (null, DeviceErrors.UnknownDevice(applicationName, name));

            await DeleteAsync(application, device);
            return (device, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keeps by what declared passwords are known again. Changes nothing that anybody else sees, and nothing at all when the credentials have changed meanwhile.</summary>
    public async Task KeepFingerprintsAsync(Device device, IReadOnlyList<StoredCredential> credentials, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Book.FindDevice(device.Application, device.Name) is not { } current || !ReferenceEquals(current.Credentials, device.Credentials)) return;

            var marked = current with { Credentials = credentials };
            var (collection, write) = RegistryStore.Secrets(marked);
            await _store.WriteAsync(collection, write);
            Book.Put(marked);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The document and its credentials in one commit: nobody meets one without the other, whenever the power goes.</summary>
    private async Task StoreAsync(Application application, Device device, Device? before, JsonObject document)
    {
        var known = before?.Credentials ?? [];
        var isSame = known.Count == device.Credentials.Count && known.Zip(device.Credentials).All(pair => JsonNode.DeepEquals(pair.First.Keep(), pair.Second.Keep()));
        (CollectionName, DocumentWrite) write = (application.Devices, new DocumentPut(RegistryNames.IdOf(device.Name), DocumentBytes.Of(document)));
        await _store.WriteAsync(isSame ? [write] : [write, RegistryStore.Secrets(device)]);
        Book.Put(device);
        Tell(new RegistryChange(application, before, device, before is null ? Created : Updated) { TakesCredentials = Takes(known, device) });
    }

    private async Task DeleteAsync(Application application, Device device)
    {
        await _store.WriteAsync([.. Removal(application, device)]);
        Book.Remove(device);
        Tell(new RegistryChange(application, device, After: null, Deleted));
    }

    /// <summary>All that goes with a device. Who is here still says goodbye later, and leaves no state either.</summary>
    private IEnumerable<(CollectionName Collection, DocumentWrite Write)> Removal(Application application, Device device)
    {
        var id = RegistryNames.IdOf(device.Name);
        yield return (application.Devices, new DocumentRemoval(id));
        if (device.Credentials.Count > 0) yield return (RegistryCollections.Secrets, new DocumentRemoval(device.SecretsId));
        if (api.Documents.Catalogue.TryGetCollection(application.States, out _)) yield return (application.States, new DocumentRemoval(id));
    }

    private static bool Takes(IReadOnlyList<StoredCredential> known, Device device) => known.Any(old => !device.Credentials.Any(kept => kept.Equivalent(old)));

    private void Tell(RegistryChange change)
    {
        var (verb, application, device) = (change.Verb, change.Application.Name, change.DeviceName);
        if (device is null) LogApplication(application, verb);
        else LogDevice(device, application, verb);
        Changed?.Invoke(change);
    }

    private void CheckIndex(Application application, Application? before, FieldReader fields)
    {
        if (Book.FindApplicationOfIndex(application.Index) is { } owner && owner.Name != application.Name) fields.Refuse("index", $"belongs to the application \"{owner.Name}\"");
        if (before is not null && before.Index != application.Index && Book.DevicesOf(before.Name).Count > 0)
        {
            fields.Refuse("index", $"cannot be changed from \"{before.Index}\" while the application has devices there");
        }
    }

    private static IEnumerable<string> PlainPasswords(JsonArray? list) => (list ?? [])
        .OfType<JsonObject>()
        .SelectMany(entry => (JsonNode?[])[entry["pass"], (entry["user"] as JsonObject)?["password"]])
        .Select(given => given is not null && SecretHashes.TryRead(given, out var plain, out _, out _) ? plain : null)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .Take(8);

    private async Task ReloadAsync(Application application, IReadOnlyList<string>? ids, Task before)
    {
        await before;
        await Task.Yield();
        await _turn.WaitAsync();
        try
        {
            if (Book.FindApplication(application.Name) is not { } current) return;

            var documents = ids is null ? await _store.AllAsync(current.Devices, CancellationToken.None) : await _store.FindAsync(current.Devices, ids, CancellationToken.None);
            var there = documents.Select(document => document.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in KnownOf(current, ids).Where(device => !there.Contains(RegistryNames.IdOf(device.Name))))
            {
                Book.Remove(gone);
                if (gone.Credentials.Count > 0) await _store.WriteAsync(RegistryCollections.Secrets, new DocumentRemoval(gone.SecretsId));
                Tell(new RegistryChange(current, gone, After: null, Deleted));
            }

            var secrets = ids is null
                ? await _store.AllSecretsAsync(CancellationToken.None)
                : await _store.SecretsAsync([.. ids.Select(id => Device.SecretsIdOf(current.Name, RegistryNames.NameOf(id)))], CancellationToken.None);
            foreach (var document in documents) await TakeAsync(current, document, secrets);
        }
        catch (DocumentStoreException exception)
        {
            LogNotReloaded(application.Name, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    private IEnumerable<Device> KnownOf(Application application, IReadOnlyList<string>? ids) => ids is null
        ? Book.DevicesOf(application.Name)
        : ids.Select(id => Book.FindDevice(application.Name, RegistryNames.NameOf(id))).OfType<Device>();

    /// <summary>Takes a device as somebody else has written it. What its document says of credentials is done, and what it holds of secrets taken out of it.</summary>
    private async Task TakeAsync(Application application, StoredDocument stored, Dictionary<string, KeptCredentials> secrets)
    {
        var (device, list, path) = _stored.ReadDevice(application, stored, secrets.GetValueOrDefault);
        var known = Book.FindDevice(application.Name, device.Name);
        var credentials = list is null ? device.Credentials : await TakeAsync(device, list, path);
        if (!ReferenceEquals(credentials, device.Credentials) || device.Uid.Length == 0 || (list is not null && CredentialReader.HoldsSecrets(list)))
        {
            var document = (JsonObject)DocumentBytes.NodeOf(device.Source)!;
            DeviceDocument.Show(document, credentials);
            if (device.Uid.Length == 0)
            {
                var said = document["metadata"] as JsonObject;
                var labels = new JsonObject { ["labels"] = said?["labels"]?.DeepClone(), ["annotations"] = said?["annotations"]?.DeepClone() };
                document["metadata"] = MetadataSection.Next(labels, before: null, device.Name, application.Name, clock.GetUtcNow(), new FieldReader());
            }

            device = device with { Uid = (string)document["metadata"]!["uid"]!, Credentials = credentials, Source = DocumentBytes.ElementOf(document) };
            await StoreAsync(application, device, known, document);
        }
        else if (known is null || !JsonElement.DeepEquals(known.Source, device.Source))
        {
            Book.Put(device);
            Tell(new RegistryChange(application, known, device, known is null ? Created : Updated) { TakesCredentials = Takes(known?.Credentials ?? [], device) });
        }
    }

    /// <summary>The credentials that a document of somebody else leaves to its device, which are those it has unless the document says something else.</summary>
    private async Task<IReadOnlyList<StoredCredential>> TakeAsync(Device device, JsonArray list, string path)
    {
        var kept = device.Credentials;
        if (!CredentialReader.HoldsSecrets(list))
        {
            // Identifiers that are all unknown are of an older state of the device, which came late; a list without any is meant so.
            var named = list.Select(entry => IdentifierOf((JsonObject)entry!)).ToHashSet(StringComparer.Ordinal);
            var left = kept.Where(credential => named.Contains(credential.Id)).ToList();
            return left.Count == kept.Count || (left.Count == 0 && list.Count > 0) ? kept : left;
        }

        var fields = new FieldReader();
        var given = await new CredentialReader(fields, kept, async plain => (await work.TryRunAsync(() => SecretHashes.Create(plain, options.PasswordIterations), CancellationToken.None)).Result).ReadAsync(list, path);
        if (fields.Fault is not { } fault) return given;

        LogCredentialsRefused(device.ToString(), fault.Message);
        return kept;
    }

    private static string? IdentifierOf(JsonObject entry) => entry.Single() switch
    {
        { Key: "user", Value: JsonObject user } => DocumentBytes.TextOf(user["password"]?["id"]),
        { Key: "psk", Value: JsonObject psk } => DocumentBytes.TextOf(psk["key"]?["id"]),
        { Value: { } pass } => DocumentBytes.TextOf(pass["id"]),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "The registry knows {Applications} applications and {Devices} devices")]
    private partial void LogOpened(int applications, int devices);

    [LoggerMessage(Level = LogLevel.Information, Message = "Application {Application}: {Verb}")]
    private partial void LogApplication(string application, string verb);

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {Device} of {Application}: {Verb}")]
    private partial void LogDevice(string device, string application, string verb);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Device}: the credentials that somebody else has written into its document are left out: {Reason}")]
    private partial void LogCredentialsRefused(string device, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The devices of {Application} were changed by somebody else and could not be read again")]
    private partial void LogNotReloaded(string application, Exception exception);
}
