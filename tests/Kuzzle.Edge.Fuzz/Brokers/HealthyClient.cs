using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Fuzz.Seeds;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Fuzz.Brokers;

/// <summary>A client that keeps the rules, beside all those that do not: what it publishes to itself must come.</summary>
internal sealed class HealthyClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Peer _peer;

    public HealthyClient(MqttBroker broker, OpenProfile profile, PacketLimits limits)
    {
        _peer = new Peer(limits, new Random(1));
        _peer.Served = broker.ServeAsync(_peer, new MqttPeer(MqttTransport.Memory, null), profile, CancellationToken.None);
        byte[] connect = Field.Join(Field.Text("MQTT"), [4, 2], Field.Word(0), Field.Text("healthy client"));
        byte[] subscribe = Field.Join(Field.Word(1), Field.Text("healthy/only"), [1]);
        _peer.Send([0x10, (byte)connect.Length, .. connect]);
        _peer.Send([0x82, (byte)subscribe.Length, .. subscribe]);
    }

    /// <summary>A message to itself arrives. Only one at a time.</summary>
    public async Task CheckAsync()
    {
        await _one.WaitAsync();
        try
        {
            var expected = _peer.Messages + 1;
            var publish = Field.Join(Field.Text("healthy/only"), [(byte)'x']);
            _peer.Send([0x30, (byte)publish.Length, .. publish]);

            // Its answer comes behind the message.
            if (!await _peer.IsAnsweredAsync().WaitAsync(Patience) || _peer.HasEnded || _peer.Messages != expected)
                throw new Finding($"the healthy client is not served: {_peer.Messages} of {expected} messages came, closed: {_peer.HasEnded}");
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Send([0xE0, 0]);
        if (!await _peer.BreakAsync()) throw new Finding("the healthy client's end is not noticed");
        _peer.Dispose();
        _one.Dispose();
    }
}
