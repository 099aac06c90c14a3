using System.Collections.Concurrent;
using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>One application, app1, in memory.</summary>
internal sealed class TestRegistry : IDeviceRegistry, IDeviceEvents, IDeviceSessions
{
    private readonly ConcurrentDictionary<string, TestDevice> _devices = new();
    private readonly ConcurrentQueue<DeviceEvent> _events = new();
    private readonly ConcurrentQueue<string> _happened = new();
    private readonly ConcurrentDictionary<string, IDeviceSession> _sessions = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestRegistry(params IEnumerable<TestDevice> devices)
    {
        foreach (var device in devices) _devices[device.Name] = device;
    }

    /// <summary>What becomes of an event; by default it is accepted at once.</summary>
    public Func<DeviceEvent, Task<EventOutcome>> Accepting { get; set; } = _ => Task.FromResult(EventOutcome.Accepted);

    /// <summary>What a lookup waits for.</summary>
    public Task LookingUp { get; set; } = Task.CompletedTask;

    /// <summary>Whether nobody can say who may speak for whom.</summary>
    public bool IsUnavailable { get; set; }

    /// <summary>Whether rejected messages can be kept.</summary>
    public EventOutcome Keeping { get; set; } = EventOutcome.Accepted;

    public IReadOnlyList<DeviceEvent> Events => [.. _events];

    public ConcurrentQueue<RejectedEvent> Rejected { get; } = new();

    public ConcurrentQueue<DeviceCredentials> Presented { get; } = new();

    /// <summary>Comings, goings and events, in their order.</summary>
    public IReadOnlyList<string> Happened => [.. _happened];

    public IDeviceSession SessionOf(string device) => _sessions[device];

    /// <summary>Waits until what happened is as wanted.</summary>
    public async Task WhenAsync(Func<bool> wanted)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (wanted()) return;

            (await Task.WhenAny(changed, Task.Delay(TimeSpan.FromSeconds(30)))).ShouldBe(changed, $"waited in vain; so far: {string.Join(", ", _happened)}");
        }
    }

    public ValueTask<DeviceAuthentication> AuthenticateAsync(DeviceCredentials credentials, string? origin, CancellationToken cancellationToken)
    {
        Presented.Enqueue(credentials);
        var device = credentials switch
        {
            DevicePassword { Application: "app1" } shown => Find(shown.Device) is { } found && found.Password == shown.Password ? found : null,
            DeviceUserPassword { Application: "app1" } shown => Find(shown.Device) is { } found && found.User == (shown.User, shown.Password) ? found : null,
            DeviceCertificate shown => _devices.Values.FirstOrDefault(known => known.CertificateSubject == shown.Certificate.Subject),
            DevicePreSharedKey { Application: "app1" } shown => Find(shown.Device) is { Key: not null } found ? found : null,
            _ => null,
        };
        return new(device is null ? DeviceAuthentication.Refuse(DeviceRefusal.BadCredentials, "unknown")
            : device.Refusal != DeviceRefusal.None ? DeviceAuthentication.Refuse(device.Refusal, "as the test wants")
            : DeviceAuthentication.Accept(IdentityOf(device)));
    }

    public ValueTask<byte[]?> FindPreSharedKeyAsync(string identity, CancellationToken cancellationToken) => new(Find(identity.Split('@')[0])?.Key);

    public async ValueTask<DeviceRuling> MayActForAsync(DeviceIdentity gateway, string target, CancellationToken cancellationToken)
    {
        await LookingUp;
        if (IsUnavailable) return DeviceRuling.Refuse(DeviceRulingRefusal.Unavailable);
        if (Find(target) is not { } device) return DeviceRuling.Refuse(DeviceRulingRefusal.UnknownDevice);

        return device.Gateways.Contains(gateway.Device) ? DeviceRuling.Allow(device.Name, "uid-" + device.Name) : DeviceRuling.Refuse(DeviceRulingRefusal.NotItsGateway);
    }

    public async ValueTask<EventOutcome> AcceptAsync(DeviceEvent said, CancellationToken cancellationToken)
    {
        _events.Enqueue(said);
        Say($"{said.Device}/{said.Channel}");
        return await Accepting(said);
    }

    public ValueTask<EventOutcome> KeepRejectedAsync(RejectedEvent rejected, CancellationToken cancellationToken)
    {
        if (Keeping.Fate == EventFate.Accepted) Rejected.Enqueue(rejected);
        return new(Keeping);
    }

    public ValueTask OpenedAsync(IDeviceSession session, CancellationToken cancellationToken)
    {
        _sessions[session.Identity.Device] = session;
        Say($"+{session.Identity.Device}");
        return default;
    }

    public ValueTask ListeningAsync(IDeviceSession session, CancellationToken cancellationToken)
    {
        Say($"?{session.Identity.Device}");
        return default;
    }

    public ValueTask ClosedAsync(IDeviceSession session, CancellationToken cancellationToken)
    {
        _sessions.TryRemove(KeyValuePair.Create(session.Identity.Device, session));
        Say($"-{session.Identity.Device}");
        return default;
    }

    /// <summary>Hands a command to the device and to its gateways, as a registry does.</summary>
    public async Task<IReadOnlyList<CommandDelivery>> SendAsync(DeviceCommand command)
    {
        var via = new[] { command.Device }.Concat(Find(command.Device)?.Gateways ?? []);
        var sessions = via.Select(name => _sessions.GetValueOrDefault(name)).OfType<IDeviceSession>().Where(session => command.Aliases.Prepend(command.Device).Any(session.ListensFor));
        return await Task.WhenAll(sessions.Select(session => session.DeliverAsync(command, CancellationToken.None)));
    }

    private static DeviceIdentity IdentityOf(TestDevice device) =>
        new("app1", device.Name) { ApplicationUid = "uid-app1", DeviceUid = "uid-" + device.Name, Dialect = device.Dialect };

    private TestDevice? Find(string name) => _devices.GetValueOrDefault(name);

    private void Say(string what)
    {
        _happened.Enqueue(what);
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
