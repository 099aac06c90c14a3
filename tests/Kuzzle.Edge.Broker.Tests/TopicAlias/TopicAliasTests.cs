using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.TopicAlias;

public sealed class TopicAliasTests
{
    [Fact]
    public async Task An_alias_stands_for_its_topic_and_is_not_passed_on()
    {
        await using var broker = new BrokerUnderTest();
        var subscriber = await broker.ConnectAsync("s", 5);
        await subscriber.SubscribeAsync("#");
        var publisher = await broker.ConnectAsync("p", 5);

        await publisher.SendAsync(
            Packet.Publish5("a", "1", properties: Alias(1)), Packet.Publish5("", "2", properties: Alias(1)),
            Packet.Publish5("b", "3", properties: Alias(1)), Packet.Publish5("", "4", qos: 1, id: 1, properties: Alias(1)));

        foreach (var (topic, payload) in ((string, string)[])[("a", "1"), ("a", "2"), ("b", "3"), ("b", "4")])
        {
            (await subscriber.ReceivePublishAsync()).ShouldBe(
                new Received(topic, payload, 0, 0, Retain: false, Dup: false, []), ReceivedComparer.Instance, "[MQTT5-3.3.2-11]");
        }
    }

    [Theory]
    [InlineData("t", 0, 0x94, "[MQTT5-3.3.2-8]")]
    [InlineData("t", 65, 0x94, "[MQTT5-3.3.2-9]")]
    [InlineData("", 2, 0x82, "5.0 3.3.2.3.4: never announced")]
    public async Task A_wrong_alias_ends_the_connection(string topic, int alias, byte reason, string clause)
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("p", 5);

        await client.SendAsync(Packet.Publish5(topic, "x", properties: Alias(alias)));

        (await client.ReceiveToEndAsync()).ShouldBe([0xE0, 1, reason], clause);
    }

    [Fact]
    public async Task Aliases_end_with_the_connection()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("p", 5, properties: [Packet.Property(0x11, Packet.Wide(100))]);
        await client.SendAsync(Packet.Publish5("t", "x", properties: Alias(1)));
        await client.ExpectNothingAsync();
        await client.BreakAsync();
        var (again, _) = await broker.ResumeAsync("p", 5);

        await again.SendAsync(Packet.Publish5("", "x", properties: Alias(1)));

        await again.ExpectClosedAsync(0xE0, 1, 0x82);
    }

    [Fact]
    public async Task A_repetition_that_is_not_delivered_sets_its_alias_all_the_same()
    {
        await using var broker = new BrokerUnderTest();
        var client = await broker.ConnectAsync("p", 5, properties: [Packet.Property(0x11, Packet.Wide(100))]);
        await client.SendAsync(Packet.Publish5("t", "x", qos: 2, id: 1));
        await client.ExpectAsync(0x50, 3, 0, 1, 0x10); // Nobody has subscribed.
        await client.BreakAsync();
        var (again, _) = await broker.ResumeAsync("p", 5);

        await again.SendAsync(Packet.Publish5("t", "x", qos: 2, id: 1, dup: true, properties: Alias(1)), Packet.Publish5("", "y", qos: 1, id: 2, properties: Alias(1)));

        await again.ExpectAsync(0x50, 2, 0, 1);
        (await again.ReceiveAsync())[0].ShouldBe((byte)0x40, "[MQTT5-3.3.2-7]");
    }

    private static byte[] Alias(int alias) => Packet.Property(0x23, Packet.Word(alias));
}
