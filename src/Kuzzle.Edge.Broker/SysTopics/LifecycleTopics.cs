using System.Buffers;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.SysTopics;

/// <summary>
/// <c>$SYS/ID/…</c>: the broker's birth and heartbeat, clients that come and go, what they subscribe to. QoS 0, not retained. The payload of a topic that nobody has
/// subscribed to is not even made.
/// </summary>
internal sealed class LifecycleTopics : IDue, IDisposable
{
    private readonly BrokerCore _core;
    private readonly Alarm _heartbeat;
    private readonly byte[] _id;
    private readonly byte[] _birthTopic;
    private readonly byte[] _heartbeatTopic;
    private readonly byte[] _newClients;
    private readonly byte[] _disconnectClients;
    private readonly byte[][] _newSubscribes;
    private readonly byte[][] _newUnsubscribes;

    public LifecycleTopics(BrokerCore core)
    {
        _core = core;
        _heartbeat = new Alarm(core.Clock, this);
        _id = Encoding.UTF8.GetBytes(core.Options.Id);
        _birthTopic = Topic("birth");
        _heartbeatTopic = Topic("heartbeat");
        _newClients = Topic("new/clients");
        _disconnectClients = Topic("disconnect/clients");

        // The second of each is how it is called in the manual that our users have read; the first is what brokers of that kind publish.
        _newSubscribes = [Topic("new/subscribes"), Topic("new/subscribers")];
        _newUnsubscribes = [Topic("new/unsubscribes"), Topic("new/unsubscribers")];

        byte[] Topic(string name) => Encoding.UTF8.GetBytes($"$SYS/{core.Options.Id}/{name}");
    }

    /// <summary>The broker begins to serve.</summary>
    public void Begin()
    {
        Publish(_birthTopic, _id);
        _heartbeat.Set(_core.Clock.Now + (long)_core.Options.HeartbeatInterval.TotalMilliseconds);
    }

    public long OnDue(long now)
    {
        Publish(_heartbeatTopic, _id);
        return now + (long)_core.Options.HeartbeatInterval.TotalMilliseconds;
    }

    public void ClientRegistered(string clientId)
    {
        if (IsWanted(_newClients)) Publish(_newClients, Encoding.UTF8.GetBytes(clientId));
    }

    public void ClientDisconnected(string clientId)
    {
        if (IsWanted(_disconnectClients)) Publish(_disconnectClients, Encoding.UTF8.GetBytes(clientId));
    }

    public void Subscribed(string clientId, IReadOnlyList<SubscriptionOutcome> outcomes) => Publish(_newSubscribes, clientId, json =>
    {
        foreach (var outcome in outcomes)
        {
            json.WriteStartObject();
            json.WriteString("topic"u8, outcome.Filter);
            json.WriteNumber("qos"u8, outcome.IsGranted ? (int)outcome.Code : 128);
            json.WriteEndObject();
        }
    });

    public void Unsubscribed(string clientId, IReadOnlyList<string> filters) => Publish(_newUnsubscribes, clientId, json =>
    {
        foreach (var filter in filters) json.WriteStringValue(filter);
    });

    public void Dispose() => _heartbeat.Disarm();

    private void Publish(byte[][] topics, string clientId, Action<Utf8JsonWriter> writeEntries)
    {
        ReadOnlyMemory<byte>? payload = null;
        foreach (var topic in topics)
        {
            if (!IsWanted(topic)) continue;

            Publish(topic, payload ??= Write(clientId, writeEntries));
        }
    }

    private static ReadOnlyMemory<byte> Write(string clientId, Action<Utf8JsonWriter> writeEntries)
    {
        var payload = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(payload);
        json.WriteStartObject();
        json.WriteString("clientId"u8, clientId);
        json.WriteStartArray("subs"u8);
        writeEntries(json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return payload.WrittenMemory;
    }

    private bool IsWanted(byte[] topic) => _core.Events.Wants(BrokerEventKinds.SystemMessages) || _core.Router.HasSubscribers(topic);

    private void Publish(byte[] topic, ReadOnlyMemory<byte> payload)
    {
        var batch = _core.Batches.Rent();
        var publication = batch.Handle(topic, default, payload, qos: 0, retain: false, BrokerClock.Never);
        _ = _core.Router.Route(publication, publisher: null, batch);
        _core.Events.Published(publication, client: null);
        _core.Batches.Finish(batch);
    }
}
