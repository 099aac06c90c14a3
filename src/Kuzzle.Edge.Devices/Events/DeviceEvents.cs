using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Devices.Events.Rules;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>Makes events of what devices say: by the rules of the application, as documents where they are to be stored, and as realtime messages where not.</summary>
internal sealed partial class DeviceEvents(KuzzleApi api, RegistryBook book, DeviceOptions options, BoardClock clock, ILogger logger) : IDeviceEvents, IDisposable
{
    /// <summary>Beyond this a mapping grows no more: the names of fields are chosen by devices, and without a bound one that invents names fills the memory.</summary>
    private const int MaxMappingLength = 128 * 1024;

    // Of one sender, the commits begin in the order of the calls. Senders that share a turn only wait for each other's beginning, which is not for the disk.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];
    private int _waiting;

    public async ValueTask<EventOutcome> AcceptAsync(DeviceEvent said, CancellationToken cancellationToken)
    {
        if (book.FindApplication(said.Application) is not { IsDisabled: false } application || application.Uid != said.ApplicationUid) return Gone("application");
        if (book.FindDevice(said.Application, said.Sender) is not { IsDisabled: false } sender || sender.Uid != said.SenderUid) return Gone("sender");
        if (book.FindDevice(said.Application, said.Device) is not { IsDisabled: false } device || device.Uid != said.DeviceUid) return Gone("device");

        var draft = new EventDraft(said);
        PublishRule.Run(application.Rules, draft);
        if (draft.Verdict is { } verdict) return verdict;
        if (draft.Channel.Length == 0) return new EventOutcome(EventFate.Rejected, "The channel is empty.");

        var outcome = await EmitAsync(application, device.Events, draft, cancellationToken);
        if (outcome.Fate == EventFate.Accepted && Relay is { } relay) await relay.RelayAsync(said with { Channel = draft.Channel }, cancellationToken);
        return outcome;
    }

    /// <summary>Who else is to have what devices say before it is acknowledged; null for nobody.</summary>
    public IEventRelay? Relay { get; set; }

    public async ValueTask<EventOutcome> KeepRejectedAsync(RejectedEvent rejected, CancellationToken cancellationToken)
    {
        if (book.FindApplication(rejected.Sender.Application) is not { } application) return Gone("application");

        var time = rejected.Time.ToUnixTimeMilliseconds();
        var document = new JsonObject
        {
            ["device"] = rejected.Sender.Device,
            ["topic"] = rejected.Topic,
            ["reason"] = rejected.Reason,
            ["time"] = time,
            ["payload_base64"] = Convert.ToBase64String(rejected.Payload.Span),
            ["_kuzzle_info"] = new JsonObject { ["author"] = rejected.Sender.Device, ["createdAt"] = time, ["updatedAt"] = null, ["updater"] = null },
        };
        return await CommitAsync(rejected.Sender.Device, application.Rejected, Guid.NewGuid().ToString(), DocumentBytes.Of(document), grows: false, cancellationToken);
    }

    /// <summary>A device has come or gone.</summary>
    public ValueTask<EventOutcome> TellConnectionAsync(Application application, Device device, bool connected, CancellationToken cancellationToken)
    {
        var said = Own(application, device.Name, device.Uid, "connection", new JsonObject { ["connected"] = connected });
        return EmitAsync(application, device.Events, Typed(said, EventTypes.Connection), cancellationToken);
    }

    /// <summary>Something has changed in the registry. A message only: the document itself says what.</summary>
    public void TellRegistry(RegistryChange change)
    {
        var name = change.DeviceName;
        var said = Own(change.Application, name ?? "", (change.After ?? change.Before)?.Uid ?? "", name is null ? "applications" : "devices", new JsonObject { ["change"] = change.Verb });
        var id = Guid.NewGuid().ToString();
        api.Tell(change.Application.Registry, id, JsonElement.Parse(Write(Typed(said, EventTypes.Registry), id).Span));
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    private DeviceEvent Own(Application application, string device, string uid, string channel, JsonObject data) => new()
    {
        Application = application.Name,
        ApplicationUid = application.Uid,
        Device = device,
        DeviceUid = uid,
        Sender = device,
        SenderUid = uid,
        Channel = channel,
        Time = clock.Time.GetUtcNow(),
        Payload = ReadOnlyMemory<byte>.Empty,
        Data = DocumentBytes.ElementOf(data),
        DataContentType = "application/json",
    };

    private static EventDraft Typed(DeviceEvent said, string type)
    {
        var draft = new EventDraft(said);
        draft.Attributes["type"] = type;
        return draft;
    }

    private static EventOutcome Gone(string what) => new(EventFate.Rejected, $"The {what} was disabled or deleted meanwhile.");

    private ReadOnlyMemory<byte> Write(EventDraft draft, string id) =>
        EventDocument.Write(draft, id, options.Instance, clock);

    private async ValueTask<EventOutcome> EmitAsync(Application application, EventPolicy device, EventDraft draft, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        var json = Write(draft, id);
        var collection = new CollectionName(application.Index, EventPolicy.CollectionOf(device, application.Events, draft.Channel));
        switch (device.Storage ?? application.Events.Storage ?? EventStorage.None)
        {
            case EventStorage.All:
                return await CommitAsync(draft.Said.Sender, collection, id, json, grows: true, cancellationToken);
            case EventStorage.Last:
                return await CommitAsync(draft.Said.Sender, collection, LastIdOf(draft.Said.Device, draft.Channel), json, grows: true, cancellationToken);
            default:
                await using (await TurnAsync(draft.Said.Sender, cancellationToken))
                {
                    await api.PublishAsync(collection, id, JsonElement.Parse(json.Span), cancellationToken);
                }

                return EventOutcome.Accepted;
        }
    }

    /// <summary>Longer identifiers than Kuzzle's 512 bytes are shortened by a digest.</summary>
    private static string LastIdOf(string device, string channel)
    {
        var id = $"{RegistryNames.IdOf(device)}.{channel}";
        if (Encoding.UTF8.GetByteCount(id) <= 512) return id;

        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return $"{RegistryNames.IdOf(device)[..Math.Min(200, RegistryNames.IdOf(device).Length)]}.{digest}";
    }

    private async ValueTask<EventOutcome> CommitAsync(
        string sender, CollectionName collection, string id, ReadOnlyMemory<byte> json, bool grows, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > options.MaxWaitingEvents)
        {
            Interlocked.Decrement(ref _waiting);
            return new EventOutcome(EventFate.Overloaded, "Too many events wait for the disk.");
        }

        try
        {
            // Once more when somebody has deleted the collection in between.
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var (committing, fault) = await BeginAsync(sender, collection, id, json, grows, cancellationToken);
                if (fault is not null) return new EventOutcome(EventFate.Rejected, fault.Message);
                if (await committing! is not null) return EventOutcome.Accepted;
            }

            return new EventOutcome(EventFate.Failed, $"The collection {collection} was deleted.");
        }
        catch (DocumentStoreException exception)
        {
            LogNotStored(collection.Index, collection.Collection, exception);
            return new EventOutcome(EventFate.Failed, "The storage failed.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async ValueTask<(Task<IReadOnlyList<WriteOutcome>?>? Committing, ApiError? Fault)> BeginAsync(
        string sender, CollectionName collection, string id, ReadOnlyMemory<byte> json, bool grows, CancellationToken cancellationToken)
    {
        await using (await TurnAsync(sender, cancellationToken))
        {
            await RegistryCollections.EnsureAsync(api.Documents, collection, cancellationToken);
            if (grows && MayGrow(collection) && await api.AdmitAsync(collection, JsonElement.Parse(json.Span), cancellationToken) is { } fault) return (null, fault);
            return (api.WriteAsync(collection, [new DocumentPut(id, json)], CancellationToken.None), null);
        }
    }

    private bool MayGrow(CollectionName collection) =>
        api.Documents.Catalogue.TryGetCollection(collection, out var definition) && JsonMarshal.GetRawUtf8Value(definition.Mapping).Length < MaxMappingLength;

    private async ValueTask<Turn> TurnAsync(string sender, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)string.GetHashCode(sender, StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    private readonly struct Turn(SemaphoreSlim turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Release();
            return ValueTask.CompletedTask;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An event could not be stored in {Index}/{Collection}")]
    private partial void LogNotStored(string index, string collection, Exception exception);
}
