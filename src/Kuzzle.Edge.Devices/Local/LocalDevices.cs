using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Sessions;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Local;

/// <summary>The devices of this process among the others.</summary>
internal sealed class LocalDevices(DeviceRegistry registry, DeviceSessions sessions, DeviceEvents events, TimeProvider clock, ILogger logger) : ILocalDevices
{
    public async ValueTask<(DeviceIdentity? Device, ApiError? Fault)> EnsureAsync(LocalDevice device, CancellationToken cancellationToken)
    {
        if (registry.Book.FindApplication(device.Application) is null)
        {
            var (_, refused) = await registry.PutApplicationAsync(RegistryWriteMode.Create, device.Application, [], author: null, cancellationToken);

            // Somebody else may have made it in between, which is as good.
            if (refused is not null && registry.Book.FindApplication(device.Application) is null) return (null, refused);
        }

        var known = registry.Book.FindDevice(device.Application, device.Name);
        var wanted = DocumentOf(device);
        if (known is null || !DocumentBytes.Says(known.Source, wanted))
        {
            var mode = known is null ? RegistryWriteMode.Create : RegistryWriteMode.Update;
            var (made, fault) = await registry.PutDeviceAsync(mode, device.Application, device.Name, wanted, author: null, cancellationToken);
            if (made is null) return (null, fault);
            known = made;
        }

        return registry.Book.FindApplication(device.Application) is { } application
            ? (DeviceAuthenticator.IdentityOf(application, known), null)
            : (null, DeviceErrors.UnknownApplication(device.Application));
    }

    public bool MaySpeak(DeviceIdentity device) =>
        registry.Book.FindApplication(device.Application) is { IsDisabled: false } application && application.Uid == device.ApplicationUid
        && registry.Book.FindDevice(device.Application, device.Device) is { IsDisabled: false } known && known.Uid == device.DeviceUid;

    public async ValueTask<IAsyncDisposable> ConnectAsync(
        DeviceIdentity device, Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>? receive, CancellationToken cancellationToken)
    {
        var session = new LocalSession(device, receive, sessions, clock.GetUtcNow(), logger);
        await sessions.OpenedAsync(session, cancellationToken);
        return session;
    }

    public ValueTask<EventOutcome> PublishAsync(DeviceIdentity device, string channel, JsonElement data, DateTimeOffset time, CancellationToken cancellationToken) =>
        events.AcceptAsync(
            new DeviceEvent
            {
                Application = device.Application,
                ApplicationUid = device.ApplicationUid,
                Device = device.Device,
                DeviceUid = device.DeviceUid,
                Sender = device.Device,
                SenderUid = device.DeviceUid,
                Channel = channel,
                Time = time,
                Payload = ReadOnlyMemory<byte>.Empty,
                Data = data,
                DataContentType = "application/json",
            },
            cancellationToken);

    private static JsonObject DocumentOf(LocalDevice device)
    {
        var document = new JsonObject();
        if (device.Labels.Count > 0) document["metadata"] = new JsonObject { ["labels"] = new JsonObject([.. device.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))]) };
        if (device.Edge is { } edge) document["edge"] = edge.DeepClone();
        return document;
    }
}
