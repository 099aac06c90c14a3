using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Tests.Wire;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Listeners;

/// <summary>Listeners whose messages and subscriptions all belong to a dialect.</summary>
public sealed class DialectTests
{
    [Fact]
    public async Task A_dialect_that_fails_with_a_message_ends_its_connection_and_acknowledges_nothing()
    {
        var dialect = new EchoDialect { Answer = async _ => { await Task.Yield(); throw new InvalidOperationException("a fault of the test's dialect"); } };
        await using var broker = new BrokerUnderTest { Profile = dialect };
        var client = await ConnectAsync(broker, "one", version: 5);

        await client.SendAsync(Packet.Publish5("a", "1", qos: 1, id: 1));

        var last = await client.ReceiveAsync();
        last[0].ShouldBe((byte)0xE0);
        last[2].ShouldBe((byte)0x80);
    }

    [Fact]
    public async Task A_refusal_has_the_code_and_the_sentence_of_the_dialect()
    {
        await using var broker = new BrokerUnderTest { Profile = new EchoDialect() };

        var client = await broker.OpenAsync(Packet.Connect("c", 5), 5);

        var connack = await client.ReceiveAsync();
        connack[3].ShouldBe((byte)0x8A);
    }

    [Fact]
    public async Task Acknowledgements_keep_the_order_of_their_messages()
    {
        var first = new TaskCompletionSource<PublishVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        var dialect = new EchoDialect { Answer = message => message.Topic == "slow" ? new(first.Task) : new(PublishVerdict.Accepted) };
        await using var broker = new BrokerUnderTest { Profile = dialect };
        var client = await ConnectAsync(broker, "one");

        await client.SendAsync(Packet.Publish("slow", "1", qos: 1, id: 1));
        await client.SendAsync(Packet.Publish("quick", "2", qos: 1, id: 2));
        await client.SendAsync(Packet.Pingreq);
        (await client.ReceiveAsync()).ShouldBe(Packet.Pingresp);
        first.SetResult(PublishVerdict.Accepted);

        (await client.ReceiveAsync()).ShouldBe(Packet.Puback(1));
        (await client.ReceiveAsync()).ShouldBe(Packet.Puback(2));
    }

    [Fact]
    public async Task A_will_is_given_to_the_dialect_and_to_nobody_else()
    {
        var dialect = new EchoDialect();
        await using var broker = new BrokerUnderTest { Profile = dialect };
        var connect = Packet.Connect("c", user: "one", password: "p", will: new Packet.Will("last", "words", Retain: true));
        var client = await broker.OpenAsync(connect);
        (await client.ReceiveAsync())[3].ShouldBe((byte)0);
        dialect.Clients.TryPeek(out var known).ShouldBeTrue();

        known!.Close(ReasonCode.AdministrativeAction, "as the test wants");
        await client.Served;

        dialect.Wills.ShouldBe(["last"]);
        broker.Broker.Core.Retained.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_makes_no_packet_is_not_sent()
    {
        var dialect = new EchoDialect();
        await using var broker = new BrokerUnderTest { Profile = dialect };
        _ = await ConnectAsync(broker, "one");
        dialect.Clients.TryPeek(out var known).ShouldBeTrue();

        (await known!.SendAsync(new MqttMessage("a+b", default), CancellationToken.None)).ShouldBe(SendOutcome.Unsendable);
        (await known.SendAsync(new MqttMessage("a", default), CancellationToken.None)).ShouldBe(SendOutcome.Delivered);
        await Should.ThrowAsync<ArgumentException>(() => known.SendAsync(new MqttMessage("a", default) { Qos = QualityOfService.ExactlyOnce }, CancellationToken.None));
    }

    private static async Task<WireClient> ConnectAsync(BrokerUnderTest broker, string user, int version = 4)
    {
        var client = await broker.OpenAsync(Packet.Connect("c", version, user: user, password: "p"), version);
        (await client.ReceiveAsync())[3].ShouldBe((byte)0);
        return client;
    }
}
