using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Sync.Bridges;

namespace Kuzzle.Edge.Tests.Configuration;

public sealed class BridgeSettingsTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_bridge_is_what_was_written_and_else_its_defaults()
    {
        var options = _folder.WithFile(
            """
            { "upstream": { "mqtt": [{
              "name": "plant", "url": "mqtts://broker.example", "version": "3.1.1", "clientId": "box7",
              "auth": { "username": "u", "password": "p" }, "tls": { "ca": "/ca.pem", "certificate": "/box.pem", "key": "/box.key" },
              "topics": ["readings/#", { "pattern": "+/set", "direction": "in", "qos": 2, "localPrefix": "orders/", "remotePrefix": "site/7/", "retain": false }],
              "queue": { "maxMessages": 5, "maxSize": "1MB", "whenFull": "drop-oldest" }, "maxPacketSize": "4KB", "maxSentPacketSize": "128KB"
            }] } }
            """).Read().Bridges.ShouldHaveSingleItem().Options;

        options.Name.ShouldBe("plant");
        options.Url.ShouldBe(new Uri("mqtts://broker.example"));
        options.Version.ShouldBe(MqttVersion.V311);
        options.ClientId.ShouldBe("box7");
        options.RemoteStateTopic.ShouldBe("$SYS/broker/connection/box7/state");
        options.Clean.ShouldBeFalse();
        options.Tls.Certificate.ShouldBe("/box.pem");
        options.MaxQueuedMessages.ShouldBe(5);
        (options.MaxPacketBytes, options.MaxSentPacketBytes).ShouldBe((4096, 131_072));
        options.QueuePolicy.ShouldBe(QueuePolicy.DropOldest);
        options.Topics.ShouldBe(
        [
            new BridgeTopic("readings/#", BridgeDirection.Out),
            new BridgeTopic("+/set", BridgeDirection.In) { QualityOfService = QualityOfService.ExactlyOnce, LocalPrefix = "orders/", RemotePrefix = "site/7/", Retain = false },
        ]);
    }

    [Fact]
    public void A_drogue_gateway_gets_its_own_commands_under_the_name_that_it_has_there()
    {
        var options = _folder.WithFile(
            """{ "upstream": { "mqtt": [{ "name": "cloud", "url": "mqtts://a", "auth": { "username": "box%407@app", "password": "p" }, "drogue": "plant" }] } }""")
            .Read().Bridges.ShouldHaveSingleItem().Options;

        options.Drogue.ShouldBe(new DrogueGateway { Application = "plant", Self = "box@7" });
        options.Clean.ShouldBeTrue();
        options.RemoteStateTopic.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "url": "mqtt://a", "topics": ["#"] }""", "upstream.mqtt[0] needs \"name\": 1 to 64 letters, digits, '-', '_' or '.'")]
    [InlineData("""{ "name": "a", "topics": ["#"] }""", "upstream.mqtt[0] needs \"url\": an address such as \"mqtts://broker.example\" (mqtt, mqtts, ws or wss)")]
    [InlineData("""{ "name": "a", "url": "http://a", "topics": ["#"] }""", "upstream.mqtt[0].url must be an address such as \"mqtts://broker.example\" (mqtt, mqtts, ws or wss), not the text \"http://a\"")]
    [InlineData("""{ "name": "a", "url": "mqtt://a" }""", "upstream.mqtt[0] needs \"topics\": what shall cross")]
    [InlineData("""{ "name": "a", "url": "mqtt://a", "version": 4, "topics": ["#"] }""", "upstream.mqtt[0].version must be \"3.1.1\" or \"5\", not 4")]
    [InlineData("""{ "name": "a", "url": "mqtt://a", "topics": ["a/#/b"] }""", "upstream.mqtt[0].topics[0]: 'a/#/b' is no topic filter")]
    [InlineData("""{ "name": "a", "url": "mqtt://a", "topics": [{ "pattern": "#", "qos": 3 }] }""", "upstream.mqtt[0].topics[0].qos must be a whole number from 0 to 2, not 3")]
    [InlineData("""{ "name": "a", "url": "mqtt://a", "topics": ["#"], "tls": { "ca": "c" } }""", "upstream.mqtt[0].tls means nothing while upstream.mqtt[0].url begins with mqtt://; write mqtts://")]
    [InlineData("""{ "name": "a", "url": "mqtt://a", "version": "3.1.1", "topics": ["#"], "auth": { "password": "p" } }""", "upstream.mqtt[0].auth needs \"username\": before MQTT 5 there is no password without one")]
    [InlineData("""{ "name": "a", "url": "mqtt://a", "drogue": "app", "topics": ["#"] }""", "upstream.mqtt[0].topics cannot stand beside \"drogue\", which knows its topics and has no sessions")]
    [InlineData("""{ "name": "a", "url": "mqtt://a", "topics": ["#"] }, { "name": "a", "url": "mqtt://b", "topics": ["#"] }""", "upstream.mqtt[1].name is \"a\", as upstream.mqtt[0].name is already")]
    [InlineData(
        """{ "name": "a", "url": "mqtt://h", "clientId": "c", "topics": ["#"] }, { "name": "b", "url": "mqtt://h", "clientId": "c", "topics": ["#"] }""",
        "upstream.mqtt[1].clientId is \"c\", as that of upstream.mqtt[0] is already: on one broker, each would throw the other out")]
    public void What_is_wrong_with_a_bridge_is_named(string bridges, string fault) =>
        _folder.WithFile($$"""{ "upstream": { "mqtt": [{{bridges}}] } }""").Faults().ShouldContain(message => message.EndsWith($": {fault}", StringComparison.Ordinal));

    [Fact]
    public void A_reload_takes_bridges_over_and_knows_which_have_changed()
    {
        var before = _folder.WithFile(
            """{ "upstream": { "mqtt": [{ "name": "a", "url": "mqtt://a", "topics": ["#"] }, { "name": "b", "url": "mqtt://b", "topics": ["#"], "auth": { "username": "u", "password": "1" } }] } }""").Read();
        var after = _folder.WithFile(
            """{ "upstream": { "mqtt": [{ "name": "b", "url": "mqtt://b", "topics": ["#"], "auth": { "username": "u", "password": "2" } }, { "name": "a", "url": "mqtt://a", "topics": ["#"] }] } }""").Read();

        var changes = ConfigurationChanges.Between(before, after);

        changes.NeedRestart.ShouldBeEmpty();
        changes.Current.Bridges.ShouldBe(after.Bridges);
        after.Bridges[1].Written.ShouldBe(before.Bridges[0].Written);
        after.Bridges[0].Written.ShouldNotBe(before.Bridges[1].Written);
    }
}
