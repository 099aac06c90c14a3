using System.Collections.Concurrent;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>
/// A session in memory that tells what became of each message, over however many connections. It need not be kept on a disk: what crosses the bridge is acknowledged on
/// the side it comes from when the other side has it, so that side still has what this process forgets.
/// </summary>
internal sealed class SettlingSession : IMqttSession
{
    private readonly MemoryMqttSession _kept = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<MqttPublishResult>> _waiting = new();
    private readonly ConcurrentDictionary<ushort, int> _origins = new();
    private int _last;

    /// <summary>A number for the next message, and what will become of it.</summary>
    public int Expect(out Task<MqttPublishResult> settled)
    {
        var origin = Interlocked.Increment(ref _last);
        var waiting = new TaskCompletionSource<MqttPublishResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[origin] = waiting;
        settled = waiting.Task;
        return origin;
    }

    /// <summary>A message that the session never got has this result.</summary>
    public void Settle(int origin, MqttPublishResult result)
    {
        if (_waiting.TryRemove(origin, out var waiting)) waiting.TrySetResult(result);
    }

    public ValueTask<MqttSessionState> LoadAsync(CancellationToken cancellationToken) => _kept.LoadAsync(cancellationToken);

    public Task StoreAsync(MqttOutgoing outgoing)
    {
        _origins[outgoing.PacketIdentifier] = outgoing.Message!.Origin;
        return _kept.StoreAsync(outgoing);
    }

    public Task ReleaseAsync(ushort packetIdentifier) => _kept.ReleaseAsync(packetIdentifier);

    public Task CompleteAsync(ushort packetIdentifier, MqttPublishResult result)
    {
        if (_origins.TryRemove(packetIdentifier, out var origin)) Settle(origin, result);
        return _kept.CompleteAsync(packetIdentifier, result);
    }

    public Task AddReceivedAsync(ushort packetIdentifier) => _kept.AddReceivedAsync(packetIdentifier);

    public Task RemoveReceivedAsync(ushort packetIdentifier) => _kept.RemoveReceivedAsync(packetIdentifier);

    public Task ForgetServerStateAsync() => _kept.ForgetServerStateAsync();
}
