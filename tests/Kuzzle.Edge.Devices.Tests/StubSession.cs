using System.Text;
using System.Threading.Channels;
using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Devices.Tests;

/// <summary>A device that is here and keeps what it is handed.</summary>
public sealed class StubSession(DeviceIdentity identity, IReadOnlyList<string> listensFor, TimeProvider clock) : IDeviceSession
{
    private readonly Channel<DeviceCommand> _received = Channel.CreateUnbounded<DeviceCommand>();

    /// <summary>What the device says to a command; delivered, unless a test says otherwise.</summary>
    public Func<DeviceCommand, CancellationToken, Task<CommandDelivery>> Answer { get; set; } = (_, _) => Task.FromResult(CommandDelivery.Delivered);

    public IReadOnlyList<string> ListeningFor { get; set; } = listensFor;

    public SessionEnd? End { get; private set; }

    public int Count => _received.Reader.Count;

    public DeviceIdentity Identity => identity;

    public string Transport => "mqtt";

    public string? Origin => "192.0.2.7:49152";

    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    public IReadOnlyList<string> Filters => [.. ListeningFor.Select(device => $"command/inbox/{device}/#")];

    public bool ListensFor(string device) => End is null && ListeningFor.Contains(device);

    public Task<CommandDelivery> DeliverAsync(DeviceCommand command, CancellationToken cancellationToken)
    {
        if (!command.Aliases.Prepend(command.Device).Any(ListensFor)) return Task.FromResult(CommandDelivery.NotListening);
        _received.Writer.TryWrite(command);
        return Answer(command, cancellationToken);
    }

    public void Close(SessionEnd why) => End ??= why;

    /// <summary>The next command that it was handed, as device, name and payload.</summary>
    public async Task<string> NextAsync()
    {
        var command = await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return $"{command.Device} {command.Name} {Encoding.UTF8.GetString(command.Payload.Span)}".TrimEnd();
    }
}
