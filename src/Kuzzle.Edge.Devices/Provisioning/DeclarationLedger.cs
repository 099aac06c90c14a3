using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>Remembers over restarts what was declared, so that what is declared no longer can be told from what others have made. Used by one caller at a time.</summary>
internal sealed class DeclarationLedger(KuzzleApi api)
{
    private const string Id = "declared";
    private const string Applications = "applications";
    private const string Devices = "devices";
    private const string Declared = "declared";
    private const string Withdrawn = "withdrawn";

    private JsonObject _entries = new() { [Applications] = new JsonObject(), [Devices] = new JsonObject() };
    private bool _isChanged;

    /// <summary>Reads what is stored.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await RegistryCollections.EnsureAsync(api.Documents, RegistryCollections.Declarations, cancellationToken);
        if (await api.Documents.FindAsync(RegistryCollections.Declarations, Id, cancellationToken) is { } stored) _entries = (JsonObject)DocumentBytes.NodeOf(stored.Source)!;
    }

    /// <summary>Notes what is declared; what was withdrawn stays so until <see cref="Restore"/>.</summary>
    public void Add(DeclaredRegistry declared)
    {
        foreach (var name in declared.Applications.Keys) AddTo(Of(Applications), name);
        foreach (var (application, devices) in declared.Devices)
        {
            if (Of(Devices)[application] is not JsonObject entries) Of(Devices)[application] = entries = [];
            foreach (var name in devices.Keys) AddTo(entries, name);
        }
    }

    /// <summary>The applications that were declared and are no longer.</summary>
    public IReadOnlyList<string> MissingApplications(DeclaredRegistry declared) => [.. Of(Applications).Select(entry => entry.Key).Where(name => !declared.Applications.ContainsKey(name))];

    /// <summary>The devices that were declared and are no longer.</summary>
    public IReadOnlyList<(string Application, string Device)> MissingDevices(DeclaredRegistry declared) =>
    [
        .. Of(Devices).SelectMany(group => ((JsonObject)group.Value!).Where(entry => (string?)entry.Value == Declared).Select(entry => (group.Key, entry.Key)))
            .Where(device => !declared.Devices.TryGetValue(device.Item1, out var devices) || !devices.ContainsKey(device.Item2)),
    ];

    /// <summary>Whether the device was disabled because nothing declared it any more.</summary>
    public bool IsWithdrawn(string application, string device) => (string?)(Of(Devices)[application] as JsonObject)?[device] == Withdrawn;

    public void Withdraw(string application, string device) => Set((JsonObject)Of(Devices)[application]!, device, Withdrawn);

    public void Restore(string application, string device) => Set((JsonObject)Of(Devices)[application]!, device, Declared);

    public void Forget(string application) => _isChanged |= Of(Applications).Remove(application);

    public void Forget(string application, string device) => _isChanged |= ((JsonObject)Of(Devices)[application]!).Remove(device);

    /// <summary>Stores what has changed, if anything has.</summary>
    public async Task SaveAsync()
    {
        if (!_isChanged) return;

        if (await api.WriteAsync(RegistryCollections.Declarations, [new DocumentPut(Id, DocumentBytes.Of(_entries))], CancellationToken.None) is null)
        {
            throw new DocumentStoreException($"The collection {RegistryCollections.Declarations} is missing.");
        }

        _isChanged = false;
    }

    private JsonObject Of(string kind) => (JsonObject)_entries[kind]!;

    private void AddTo(JsonObject entries, string name)
    {
        if (!entries.ContainsKey(name)) Set(entries, name, Declared);
    }

    private void Set(JsonObject entries, string name, string state)
    {
        entries[name] = state;
        _isChanged = true;
    }
}
