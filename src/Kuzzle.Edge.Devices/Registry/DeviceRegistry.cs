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
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private Task _reloading = Task.CompletedTask;

    public RegistryBook Book { get; } = new();

    /// <summary>Told of each change, after it is in force and before whoever made it has his answer; must neither block nor throw.</summary>
    public Action<RegistryChange>? Changed { get; set; }

    /// <summary>How a change treats what is there.</summary>
    internal enum Mode
    {
        Create,
        Replace,
        Update,
    }

    /// <summary>Reads everything from the store.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await RegistryCollections.EnsureAsync(api.Documents, RegistryCollections.Applications, cancellationToken);
        await RegistryCollections.EnsureAsync(api.Documents, RegistryCollections.Secrets, cancellationToken);
        var secrets = (await _store.AllSecretsAsync(cancellationToken)).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        foreach (var document in await _store.AllAsync(RegistryCollections.Applications, cancellationToken))
        {
            var application = ReadApplication(document);
            Book.Put(application);
            foreach (var device in await _store.AllAsync(application.Devices, cancellationToken))
            {
                var read = ReadDevice(application, device, id => secrets.GetValueOrDefault(id));
                Book.Put(read);
                if (read.Credentials.Count > 0) secrets.Remove(read.SecretsId);
            }
        }

        // Of changes that a crash has cut off, or of devices that went with their index.
        foreach (var id in secrets.Keys) await _store.RemoveSecretsAsync(id);
        var (applications, devices) = (Book.Applications.Count, Book.DeviceCount);
        LogOpened(applications, devices);
    }

    /// <summary>Something that is not this registry has removed or changed the devices of an application: they are read again.</summary>
    public void Reload(Application application)
    {
        lock (_lock) _reloading = ReloadAsync(application, _reloading);
    }

    /// <inheritdoc cref="RegistryStore.IsOwn"/>
    public bool IsOwn(CollectionName collection, string id) => _store.IsOwn(collection, id);

    /// <summary>Completes when nothing is being read again.</summary>
    public Task WhenReloadedAsync()
    {
        lock (_lock) return _reloading;
    }

    public async Task<(Application? Application, ApiError? Fault)> PutApplicationAsync(Mode mode, string name, JsonObject sent, string? author, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var before = Book.FindApplication(name);
            if (mode == Mode.Create && before is not null) return (null, DeviceErrors.ApplicationExists(name));
            if (mode != Mode.Create && before is null) return (null, DeviceErrors.UnknownApplication(name));

            var fields = new FieldReader();
            var document = Compose(mode, before?.Source, sent, name, application: null, author, fields);
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

            foreach (var device in Book.DevicesOf(name)) await DeleteAsync(application, device);
            await _store.WriteAsync(RegistryCollections.Applications, new DocumentRemoval(name));
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
        Mode mode, string applicationName, string name, JsonObject sent, string? author, CancellationToken cancellationToken)
    {
        var fields = new FieldReader();
        var (list, path) = DeviceDocument.TakeCredentials(sent, fields);
        if (fields.Fault is { } misplaced) return (null, misplaced);

        // Hashing is slow, so it is done before the turn. Of the same password the same hash is used, which changes nothing.
        var hashes = new Dictionary<string, ISecretHash?>(StringComparer.Ordinal);
        foreach (var plain in PlainPasswords(list)) hashes[plain] = (await work.TryRunAsync(() => SecretHashes.Create(plain, options.PasswordIterations), cancellationToken)).Result;

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Book.FindApplication(applicationName) is not { } application) return (null, DeviceErrors.UnknownApplication(applicationName));

            var before = Book.FindDevice(applicationName, name);
            if (mode == Mode.Create && before is not null) return (null, DeviceErrors.DeviceExists(applicationName, name));
            if (mode != Mode.Create && before is null) return (null, DeviceErrors.UnknownDevice(applicationName, name));
            if (before is null && Book.DeviceCount >= options.MaxDevices) return (null, DeviceErrors.TooMany("devices", options.MaxDevices));

            var known = before?.Credentials ?? [];
            var credentials = list is null
                ? mode == Mode.Replace ? [] : known
                : await new CredentialReader(fields, known, plain => Task.FromResult(hashes.GetValueOrDefault(plain))).ReadAsync(list, path);
            var document = Compose(mode, before?.Source, sent, name, application.Name, author, fields);
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

    public void Dispose() => _turn.Dispose();

    private async Task StoreAsync(Application application, Device device, Device? before, JsonObject document)
    {
        var known = before?.Credentials ?? [];
        var isSame = known.Count == device.Credentials.Count && known.Zip(device.Credentials).All(pair => pair.First.Equivalent(pair.Second));
        if (!isSame)
        {
            if (device.Credentials.Count > 0) await _store.PutSecretsAsync(device);
            else await _store.RemoveSecretsAsync(device.SecretsId);
        }

        await _store.WriteAsync(application.Devices, new DocumentPut(RegistryNames.IdOf(device.Name), DocumentBytes.Of(document)));
        Book.Put(device);
        var takes = known.Any(old => !device.Credentials.Any(kept => kept.Equivalent(old)));
        Tell(new RegistryChange(application, before, device, before is null ? Created : Updated) { TakesCredentials = takes });
    }

    private async Task DeleteAsync(Application application, Device device)
    {
        // The document first: a device whose credentials are gone already is one that cannot connect and is still shown.
        await _store.WriteAsync(application.Devices, new DocumentRemoval(RegistryNames.IdOf(device.Name)));
        Book.Remove(device);
        if (device.Credentials.Count > 0) await _store.RemoveSecretsAsync(device.SecretsId);
        Tell(new RegistryChange(application, device, After: null, Deleted));
    }

    private void Tell(RegistryChange change)
    {
        var (verb, application, device) = (change.Verb, change.Application.Name, change.DeviceName);
        if (device is null) LogApplication(application, verb);
        else LogDevice(device, application, verb);
        Changed?.Invoke(change);
    }

    /// <summary>The document that is to be stored, but for its credentials.</summary>
    private JsonObject Compose(Mode mode, JsonElement? before, JsonObject sent, string name, string? application, string? author, FieldReader fields)
    {
        var stored = before is { } element ? (JsonObject)DocumentBytes.NodeOf(element)! : null;
        var storedMetadata = stored?["metadata"] as JsonObject;
        var sentMetadata = fields.Object(sent, "metadata", "metadata");
        if (mode == Mode.Update && storedMetadata is not null)
        {
            var merged = new JsonObject();
            foreach (var key in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
            {
                if (storedMetadata[key] is { } kept) merged[key] = kept.DeepClone();
            }

            if (sentMetadata is not null) DocumentBytes.Merge(merged, sentMetadata);
            sentMetadata = merged;
        }

        var now = clock.GetUtcNow();
        var body = sent;
        if (mode == Mode.Update)
        {
            body = (JsonObject)stored!.DeepClone();
            DocumentBytes.Merge(body, sent);
        }

        var document = new JsonObject { ["metadata"] = MetadataSection.Next(sentMetadata, storedMetadata, name, application, now, fields) };
        foreach (var (member, value) in body)
        {
            if (member is not ("metadata" or "_kuzzle_info")) document[member] = value?.DeepClone();
        }

        if (document["spec"] is null) document["spec"] = new JsonObject();
        var info = stored?["_kuzzle_info"] as JsonObject;
        var time = now.ToUnixTimeMilliseconds();
        document["_kuzzle_info"] = new JsonObject
        {
            ["author"] = info is null ? author : (string?)info["author"],
            ["createdAt"] = info is null ? time : (long?)info["createdAt"],
            ["updatedAt"] = info is null ? null : time,
            ["updater"] = info is null ? null : author,
        };
        return document;
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

    private async Task ReloadAsync(Application application, Task before)
    {
        await before;
        await Task.Yield();
        await _turn.WaitAsync();
        try
        {
            if (Book.FindApplication(application.Name) is not { } current) return;

            var secrets = (await _store.AllSecretsAsync(CancellationToken.None)).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
            var stored = (await _store.AllAsync(current.Devices, CancellationToken.None)).Select(document => ReadDevice(current, document, id => secrets.GetValueOrDefault(id)))
                .ToDictionary(device => device.Name, StringComparer.Ordinal);
            foreach (var gone in Book.DevicesOf(current.Name).Where(device => !stored.ContainsKey(device.Name)))
            {
                Book.Remove(gone);
                if (gone.Credentials.Count > 0) await _store.RemoveSecretsAsync(gone.SecretsId);
                Tell(new RegistryChange(current, gone, After: null, Deleted));
            }

            foreach (var device in stored.Values)
            {
                var known = Book.FindDevice(current.Name, device.Name);
                if (known is not null && JsonElement.DeepEquals(known.Source, device.Source)) continue;
                Book.Put(device);
                Tell(new RegistryChange(current, known, device, known is null ? Created : Updated));
            }
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

    private Application ReadApplication(StoredDocument stored)
    {
        var fields = new FieldReader();
        var application = ApplicationDocument.Read(stored.Id, (JsonObject)DocumentBytes.NodeOf(stored.Source)!, fields);
        if (fields.Fault is not { } fault) return application;

        LogUnreadable(stored.Id, fault.Message);
        return application with { Fault = fault.Message, Index = application.Index.Length > 0 ? application.Index : stored.Id };
    }

    private Device ReadDevice(Application application, StoredDocument stored, Func<string, (string Id, string Uid, IReadOnlyList<StoredCredential> Credentials)> secrets)
    {
        var document = (JsonObject)DocumentBytes.NodeOf(stored.Source)!;
        var name = DocumentBytes.TextOf((document["metadata"] as JsonObject)?["name"]) ?? stored.Id;
        var uid = DocumentBytes.TextOf((document["metadata"] as JsonObject)?["uid"]) ?? "";
        var (_, secretUid, credentials) = secrets(Device.SecretsIdOf(application.Name, name));

        // Credentials of an older device of that name are nobody's.
        credentials = credentials is not null && secretUid == uid ? credentials : [];
        var fields = new FieldReader();
        var shown = document.DeepClone().AsObject();
        DeviceDocument.TakeCredentials(shown, fields);
        DeviceDocument.Show(shown, credentials);
        var device = DeviceDocument.Read(application, name, shown, credentials, fields);
        if (fields.Fault is not { } fault) return device;

        LogUnreadable($"{name}@{application.Name}", fault.Message);
        return device with { Fault = fault.Message };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The registry knows {Applications} applications and {Devices} devices")]
    private partial void LogOpened(int applications, int devices);

    [LoggerMessage(Level = LogLevel.Information, Message = "Application {Application}: {Verb}")]
    private partial void LogApplication(string application, string verb);

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {Device} of {Application}: {Verb}")]
    private partial void LogDevice(string device, string application, string verb);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored document of {Name} cannot be read, and it cannot connect: {Reason}")]
    private partial void LogUnreadable(string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The devices of {Application} were changed by somebody else and could not be read again")]
    private partial void LogNotReloaded(string application, Exception exception);
}
