namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>What is waited for under which packet identifier: publications and requests share one range. [MQTT-2.3.1-2] [MQTT5-2.2.1-3] From any thread.</summary>
internal sealed class PacketIdentifiers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, PendingExchange> _pending = [];
    private ushort _last;
    private MqttConnectionException? _end;

    /// <summary>Takes a free identifier.</summary>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    /// <exception cref="InvalidOperationException">65,535 are in use.</exception>
    public ushort Add(PendingExchange exchange)
    {
        lock (_lock)
        {
            if (_end is not null) throw _end;
            if (_pending.Count >= ushort.MaxValue) throw new InvalidOperationException("All 65535 packet identifiers are in use.");

            do _last++;
            while (_last == 0 || _pending.ContainsKey(_last));
            _pending.Add(_last, exchange);
            return _last;
        }
    }

    /// <summary>Takes an identifier that an earlier connection, or the caller, has given.</summary>
    /// <exception cref="InvalidOperationException">It is in use.</exception>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public void Add(ushort packetIdentifier, PendingExchange exchange)
    {
        lock (_lock)
        {
            if (_end is not null) throw _end;
            if (!_pending.TryAdd(packetIdentifier, exchange)) throw new InvalidOperationException($"The packet identifier {packetIdentifier} is in use.");
        }
    }

    public PendingExchange? Find(ushort packetIdentifier)
    {
        lock (_lock) return _pending.GetValueOrDefault(packetIdentifier);
    }

    public void Remove(ushort packetIdentifier)
    {
        lock (_lock) _pending.Remove(packetIdentifier);
    }

    /// <summary>Fails all that is waited for, and all that will be.</summary>
    /// <returns>What was waited for.</returns>
    public IReadOnlyList<KeyValuePair<ushort, PendingExchange>> Fail(MqttConnectionException end)
    {
        KeyValuePair<ushort, PendingExchange>[] pending;
        lock (_lock)
        {
            _end = end;
            pending = [.. _pending];
            _pending.Clear();
        }

        foreach (var (_, exchange) in pending) exchange.Fail(end);
        return pending;
    }
}
