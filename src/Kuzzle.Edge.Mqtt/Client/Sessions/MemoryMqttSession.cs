namespace Kuzzle.Edge.Mqtt.Client.Sessions;

/// <summary>A session that lives as long as this object. The first connection with it should have a clean start: the server may know more than it does.</summary>
public sealed class MemoryMqttSession : IMqttSession
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<ushort, MqttOutgoing> _outgoing = [];
    private readonly HashSet<ushort> _received = [];

    /// <inheritdoc/>
    public ValueTask<MqttSessionState> LoadAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return new(new MqttSessionState([.. _outgoing.Values], [.. _received]));
    }

    /// <inheritdoc/>
    public Task StoreAsync(MqttOutgoing outgoing) => Change(() => _outgoing[outgoing.PacketIdentifier] = outgoing);

    /// <inheritdoc/>
    public Task ReleaseAsync(ushort packetIdentifier) => Change(() =>
    {
        if (_outgoing.ContainsKey(packetIdentifier)) _outgoing[packetIdentifier] = new MqttOutgoing(packetIdentifier, Message: null);
    });

    /// <inheritdoc/>
    public Task CompleteAsync(ushort packetIdentifier, MqttPublishResult result) => Change(() => _outgoing.Remove(packetIdentifier));

    /// <inheritdoc/>
    public Task AddReceivedAsync(ushort packetIdentifier) => Change(() => _received.Add(packetIdentifier));

    /// <inheritdoc/>
    public Task RemoveReceivedAsync(ushort packetIdentifier) => Change(() => _received.Remove(packetIdentifier));

    /// <inheritdoc/>
    public Task ForgetServerStateAsync() => Change(() =>
    {
        _received.Clear();
        foreach (var released in _outgoing.Values.Where(outgoing => outgoing.IsReleased).ToArray()) _outgoing.Remove(released.PacketIdentifier);
    });

    private Task Change(Action change)
    {
        lock (_lock) change();
        return Task.CompletedTask;
    }
}
