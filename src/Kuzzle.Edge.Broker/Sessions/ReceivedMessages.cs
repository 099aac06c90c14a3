namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>
/// The identifiers of QoS 2 messages a client has sent and not released, with the message where a dialect gets it at the release. Belongs to the session's
/// connection, and between connections to nobody.
/// </summary>
internal sealed class ReceivedMessages
{
    private readonly Lock _gate = new(); // A dialect answers on a thread of its own, and may end an exchange then.
    private Dictionary<ushort, MqttMessage?>? _messages;

    public int Count
    {
        get
        {
            lock (_gate) return _messages?.Count ?? 0;
        }
    }

    /// <summary>Payload bytes that are held until their release.</summary>
    public long HeldBytes { get; private set; }

    public bool Contains(ushort identifier)
    {
        lock (_gate) return _messages is not null && _messages.ContainsKey(identifier);
    }

    /// <summary>Owns the identifier until its release. [MQTT-4.3.3-2]</summary>
    public void Add(ushort identifier, MqttMessage? held)
    {
        lock (_gate)
        {
            (_messages ??= []).Add(identifier, held);
            HeldBytes += held?.Payload.Length ?? 0;
        }
    }

    /// <summary>PUBREL.</summary>
    /// <returns>False when the identifier is not owned.</returns>
    public bool Release(ushort identifier, out MqttMessage? held)
    {
        held = null;
        lock (_gate)
        {
            if (_messages is null || !_messages.Remove(identifier, out held)) return false;

            HeldBytes -= held?.Payload.Length ?? 0;
            return true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _messages = null;
            HeldBytes = 0;
        }
    }
}
