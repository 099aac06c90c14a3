using Kuzzle.Edge.Broker.Tests.Durability;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Access;

/// <summary>A session belongs to the identity that began it.</summary>
public sealed class SessionOwnershipTests
{
    private static readonly byte[] LastsForEver = Packet.Property(0x11, Packet.Wide(uint.MaxValue));

    [Theory]
    [InlineData(4, "20020002")]
    [InlineData(5, "2003008500")]
    public async Task Nobody_throws_out_the_client_of_another_user(int version, string connack)
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var owner = await broker.OpenAsync(Packet.Connect("pump", user: "alice"));
        await owner.ReceiveAsync();

        foreach (var user in (string?[])["mallory", null])
        {
            var thief = await broker.OpenAsync(Packet.Connect("pump", version, user: user), version);
            await thief.ExpectClosedAsync(Convert.FromHexString(connack));
        }

        await owner.ExpectNothingAsync();
    }

    [Fact]
    public async Task Nobody_resumes_or_clears_the_session_of_another_user()
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var owner = await broker.OpenAsync(Packet.Connect("pump", clean: false, user: "alice"));
        await owner.ReceiveAsync();
        await owner.SubscribeAsync("orders", 1);
        await owner.BreakAsync();
        broker.Broker.Publish(new MqttMessage("orders", "stop"u8.ToArray()) { Qos = Mqtt.QualityOfService.AtLeastOnce });

        await (await broker.OpenAsync(Packet.Connect("pump", clean: false, user: "mallory"))).ExpectClosedAsync(0x20, 2, 0, 2);
        await (await broker.OpenAsync(Packet.Connect("pump", user: "mallory"))).ExpectClosedAsync(0x20, 2, 0, 2);

        var again = await broker.OpenAsync(Packet.Connect("pump", clean: false, user: "alice"));
        await again.ExpectAsync(0x20, 2, 1, 0);
        (await again.ReceivePublishAsync()).Payload.ShouldBe("stop");
    }

    [Fact]
    public async Task A_session_is_still_its_owners_after_a_restart()
    {
        var store = new ModelBrokerStore();
        await using (var broker = await BrokerUnderTest.StartAsync(store, profile: new TrustingProfile()))
        {
            var owner = await broker.OpenAsync(Packet.Connect("pump", clean: false, user: "alice"));
            await owner.ExpectAsync(0x20, 2, 0, 0);
            await owner.BreakAsync();
        }

        await using var restarted = await BrokerUnderTest.StartAsync(store.Survivor(), profile: new TrustingProfile());

        await (await restarted.OpenAsync(Packet.Connect("pump", clean: false, user: "mallory"))).ExpectClosedAsync(0x20, 2, 0, 2);
        await (await restarted.OpenAsync(Packet.Connect("pump", clean: false))).ExpectClosedAsync(0x20, 2, 0, 2);
        await (await restarted.OpenAsync(Packet.Connect("pump", clean: false, user: "alice"))).ExpectAsync(0x20, 2, 1, 0);
    }

    [Fact]
    public async Task A_client_identifier_is_free_when_its_session_has_ended()
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var owner = await broker.OpenAsync(Packet.Connect("pump", user: "alice"));
        await owner.ReceiveAsync();
        await owner.LeaveAsync();

        var next = await broker.OpenAsync(Packet.Connect("pump", user: "bob"));

        await next.ExpectAsync(0x20, 2, 0, 0);
    }

    [Fact]
    public async Task Who_is_somebody_gets_an_anonymous_clients_identifier_but_nothing_of_its_session()
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var stranger = await broker.ConnectAsync("pump", version: 5, properties: LastsForEver);
        await stranger.SubscribeAsync("#", 1);

        var owner = await broker.OpenAsync(Packet.Connect("pump", clean: false, user: "alice"));

        await owner.ExpectAsync(0x20, 2, 0, 0);
        await stranger.ExpectClosedAsync(0xE0, 1, 0x8E);
        broker.Broker.Publish(new MqttMessage("planted", "x"u8.ToArray()));
        await owner.ExpectNothingAsync();
    }

    [Fact]
    public async Task An_anonymous_client_does_not_push_aside_who_waits_for_an_identifier()
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var stranger = await broker.ConnectAsync("pump");
        var owner = broker.Open();
        var other = broker.Open();

        await owner.SendAsync(Packet.Connect("pump", user: "alice"));
        await other.SendAsync(Packet.Connect("pump"));

        await owner.ExpectAsync(0x20, 2, 0, 0);
        await other.ExpectClosedAsync(0x20, 2, 0, 2);
        await stranger.ReceiveToEndAsync();
    }

    [Fact]
    public async Task The_same_user_takes_its_own_session_over()
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };
        var first = await broker.OpenAsync(Packet.Connect("pump", clean: false, user: "alice"));
        await first.ReceiveAsync();

        var second = await broker.OpenAsync(Packet.Connect("pump", clean: false, user: "alice"));

        await second.ExpectAsync(0x20, 2, 1, 0);
        await first.ReceiveToEndAsync();
    }

    [Fact]
    public async Task An_identity_with_a_client_identifier_of_its_own_has_it_whatever_it_sends()
    {
        await using var broker = new BrokerUnderTest { Profile = new TrustingProfile() };

        var named = await broker.OpenAsync(Packet.Connect("whatever", user: "=pump"));
        await named.ExpectAsync(0x20, 2, 0, 0);
        broker.Broker.Core.Sessions.Find("pump").ShouldNotBeNull();
        broker.Broker.Core.Sessions.Find("whatever").ShouldBeNull();

        var nameless = await broker.OpenAsync(Packet.Connect("", 5, user: "=fan"), 5);
        var connack = await nameless.ReceiveAsync();
        Convert.ToHexString(connack).ShouldContain("120003" + Convert.ToHexString("fan"u8), Case.Insensitive, "Assigned Client Identifier [MQTT5-3.2.2-16]");
    }
}
