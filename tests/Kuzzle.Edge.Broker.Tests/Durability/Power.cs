using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Durability;

/// <summary>A broker on a store, whose power can be cut.</summary>
internal sealed class Power : IAsyncDisposable
{
    private static readonly byte[] ForEver = Packet.Property(0x11, Packet.Wide(uint.MaxValue));

    private readonly MqttBrokerOptions? _options;
    private int _lastIdentifier;
    private WireClient? _publisher;

    private Power(ModelBrokerStore store, BrokerUnderTest broker, MqttBrokerOptions? options)
    {
        Store = store;
        Broker = broker;
        _options = options;
    }

    public ModelBrokerStore Store { get; }

    public BrokerUnderTest Broker { get; }

    public static Task<Power> OnAsync(MqttBrokerOptions? options = null) => OnAsync(new ModelBrokerStore(), new ManualClock(), options);

    /// <summary>The power is cut, and a new broker begins with what is on the disk.</summary>
    public Task<Power> CutAsync(ManualClock? clock = null)
    {
        if (clock is null)
        {
            clock = new ManualClock();
            clock.Advance(Broker.Clock.GetUtcNow() - clock.GetUtcNow());
        }

        return OnAsync(Store.Survivor(), clock, _options);
    }

    public async Task<(WireClient Client, bool Present)> ResumeAsync(string clientId, int version = 4)
    {
        var (client, present) = await Broker.ResumeAsync(clientId, version, version == 5 ? [ForEver] : []);
        return (client, present);
    }

    public async Task<WireClient> SubscribedAsync(string clientId, string filter, int qos, int version = 4)
    {
        var (client, _) = await ResumeAsync(clientId, version);
        await client.SubscribeAsync(filter, qos);
        return client;
    }

    public async Task SubscribedAndAwayAsync(string clientId, string filter, int qos, int version = 4)
    {
        var client = await SubscribedAsync(clientId, filter, qos, version);
        await client.LeaveAsync();
    }

    /// <summary>Publishes and has the acknowledgement.</summary>
    public async Task PublishAsync(string topic, string payload, int qos, bool retain = false)
    {
        _publisher ??= await Broker.ConnectAsync("publisher");
        var identifier = ++_lastIdentifier;
        await _publisher.SendAsync(Packet.Publish(topic, payload, qos, identifier, retain));
        await _publisher.ExpectAsync(qos == 1 ? Packet.Puback(identifier) : Packet.Pubrec(identifier));
        if (qos == 1) return;

        await _publisher.SendAsync(Packet.Pubrel(identifier));
        await _publisher.ExpectAsync(Packet.Pubcomp(identifier));
    }

    /// <summary>Waits until everything that has happened is on the disk.</summary>
    public async Task SettleAsync()
    {
        var journal = Broker.Broker.Core.Journal;
        await journal.WhenCommittedAsync(journal.LastGathered).WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        Store.Release();
        await Broker.DisposeAsync();
        await Store.DisposeAsync();
    }

    private static async Task<Power> OnAsync(ModelBrokerStore store, ManualClock clock, MqttBrokerOptions? options) =>
        new(store, await BrokerUnderTest.StartAsync(store, clock, options), options);
}
