using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Devices.Local;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>A registry that knows who is here, and hands commands over as the real one does.</summary>
internal sealed class FakeRegistry : ILocalDevices
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>?> _connected = new(StringComparer.Ordinal);

    /// <summary>The name of a device that may not speak.</summary>
    public string? Disabled { get; set; }

    public IReadOnlyCollection<string> Connected
    {
        get
        {
            lock (_gate) return [.. _connected.Keys];
        }
    }

    public ValueTask<(DeviceIdentity? Device, ApiError? Fault)> EnsureAsync(LocalDevice device, CancellationToken cancellationToken) =>
        ValueTask.FromResult<(DeviceIdentity?, ApiError?)>((new DeviceIdentity(device.Application, device.Name) { ApplicationUid = "a", DeviceUid = "d" }, null));

    public bool MaySpeak(DeviceIdentity device) => device.Device != Disabled;

    public ValueTask<IAsyncDisposable> ConnectAsync(
        DeviceIdentity device, Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>? receive, CancellationToken cancellationToken)
    {
        lock (_gate) _connected[device.Device] = receive;
        return ValueTask.FromResult<IAsyncDisposable>(new Connection(this, device.Device));
    }

    public ValueTask<EventOutcome> PublishAsync(DeviceIdentity device, string channel, JsonElement data, DateTimeOffset time, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Sends a command and answers why it failed, or null.</summary>
    public async Task<string?> SendAsync(string device, string command, string payload)
    {
        Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>? receive;
        lock (_gate) receive = _connected[device];
        return (await receive!(new DeviceCommand("c1", device, command, Encoding.UTF8.GetBytes(payload)), CancellationToken.None)).Error;
    }

    private sealed class Connection(FakeRegistry registry, string device) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lock (registry._gate) registry._connected.Remove(device);
            return ValueTask.CompletedTask;
        }
    }
}
