using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Registry;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sessions;

/// <summary>Who is here: as documents (<c>states</c>), as events, and for commands. Ends the sessions of devices that may not be here any more.</summary>
internal sealed partial class DeviceSessions(KuzzleApi api, RegistryBook book, DeviceEvents events, TimeProvider clock, ILogger logger) : IDeviceSessions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Application, string Device), List<IDeviceSession>> _sessions = [];

    /// <summary>Told of a session that may listen for commands now; must not block or throw.</summary>
    public Action<IDeviceSession>? Listening { get; set; }

    /// <summary>The sessions of a device at this moment.</summary>
    public IReadOnlyList<IDeviceSession> Of(string application, string device)
    {
        lock (_lock) return _sessions.TryGetValue((application, device), out var sessions) ? [.. sessions] : [];
    }

    /// <summary>All sessions of an application at this moment.</summary>
    public IReadOnlyList<IDeviceSession> Of(string application)
    {
        lock (_lock) return [.. _sessions.Where(entry => entry.Key.Application == application).SelectMany(entry => entry.Value)];
    }

    public async ValueTask OpenedAsync(IDeviceSession session, CancellationToken cancellationToken)
    {
        var key = (session.Identity.Application, session.Identity.Device);
        lock (_lock)
        {
            if (!_sessions.TryGetValue(key, out var sessions)) _sessions.Add(key, sessions = []);
            sessions.Add(session);
        }

        // Only now: a change of the registry from here on finds the session among the others.
        if (FindEnd(session.Identity) is { } end)
        {
            session.Close(end);
            return;
        }

        await TellAsync(session, connected: true, cancellationToken);
        Listening?.Invoke(session);
    }

    public ValueTask ListeningAsync(IDeviceSession session, CancellationToken cancellationToken)
    {
        Listening?.Invoke(session);
        return ValueTask.CompletedTask;
    }

    public async ValueTask ClosedAsync(IDeviceSession session, CancellationToken cancellationToken)
    {
        var key = (session.Identity.Application, session.Identity.Device);
        bool isLast;
        lock (_lock)
        {
            if (!_sessions.TryGetValue(key, out var sessions) || !sessions.Remove(session)) return;
            isLast = sessions.Count == 0;
            if (isLast) _sessions.Remove(key);
        }

        if (isLast) await TellAsync(session, connected: false, cancellationToken);
    }

    /// <summary>Ends the sessions that a change of the registry shuts out.</summary>
    public void Follow(RegistryChange change)
    {
        var concerned = change.DeviceName is { } device ? Of(change.Application.Name, device) : Of(change.Application.Name);
        foreach (var session in concerned)
        {
            if (FindEnd(session.Identity) is { } end) session.Close(end);
            else if (change.TakesCredentials && session.Transport != Local.LocalSession.TransportName) session.Close(SessionEnd.CredentialsChanged);
        }
    }

    /// <summary>After a start nobody is here: documents that say otherwise are of the time before a crash.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var query = JsonElement.Parse("""{"term":{"connected":true}}""");
        foreach (var application in book.Applications)
        {
            await foreach (var page in api.Documents.PagesAsync(application.States, query, cancellationToken))
            {
                await api.WriteAsync(application.States, [.. page.Select(document => new DocumentPut(document.Id, Ended(document)))], cancellationToken);
            }
        }
    }

    private static ReadOnlyMemory<byte> Ended(StoredDocument document)
    {
        var state = (JsonObject)DocumentBytes.NodeOf(document.Source)!;
        state["connected"] = false;
        return DocumentBytes.Of(state);
    }

    private SessionEnd? FindEnd(DeviceIdentity identity)
    {
        if (book.FindApplication(identity.Application) is not { } application || application.Uid != identity.ApplicationUid) return SessionEnd.Deleted;
        if (book.FindDevice(identity.Application, identity.Device) is not { } device || device.Uid != identity.DeviceUid) return SessionEnd.Deleted;
        return application.IsDisabled || device.IsDisabled ? SessionEnd.Disabled : null;
    }

    private async ValueTask TellAsync(IDeviceSession session, bool connected, CancellationToken cancellationToken)
    {
        if (book.FindApplication(session.Identity.Application) is not { } application) return;
        var device = book.FindDevice(application.Name, session.Identity.Device);
        if (device?.Uid != session.Identity.DeviceUid) device = null;

        try
        {
            await RegistryCollections.EnsureAsync(api.Documents, application.States, cancellationToken);
            var id = RegistryNames.IdOf(session.Identity.Device);
            DocumentWrite write = device is null ? new DocumentRemoval(id) : new DocumentPut(id, State(session, connected));
            await api.WriteAsync(application.States, [write], cancellationToken);
            if (device is not null) await events.TellConnectionAsync(application, device, connected, cancellationToken);
        }
        catch (DocumentStoreException exception)
        {
            LogNotStored(session.Identity.ToString(), exception);
        }
    }

    private ReadOnlyMemory<byte> State(IDeviceSession session, bool connected)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return DocumentBytes.Of(new JsonObject
        {
            ["device"] = session.Identity.Device,
            ["connected"] = connected,
            ["since"] = connected ? session.Since.ToUnixTimeMilliseconds() : now,
            ["lastSeen"] = now,
            ["transport"] = session.Transport,
            ["origin"] = session.Origin,
            ["_kuzzle_info"] = new JsonObject { ["author"] = session.Identity.Device, ["createdAt"] = now, ["updatedAt"] = null, ["updater"] = null },
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection state of {Device} could not be stored")]
    private partial void LogNotStored(string device, Exception exception);
}
