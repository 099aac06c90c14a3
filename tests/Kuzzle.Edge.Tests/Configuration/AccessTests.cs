using System.Net;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Configuration;

namespace Kuzzle.Edge.Tests.Configuration;

/// <summary>Users, rules, and what listeners say about their clients.</summary>
public sealed class AccessTests : IDisposable
{
    private const string Hash = "$pbkdf2-sha512$i=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA";
    private const string NobodyCouldCome = "named:1: nobody could use this open listener: ";

    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Users_and_rules_come_together_from_all_files()
    {
        _folder.With("kuzzlerc", Mqtt($$"""
            "listeners": [ { "port": 1884, "profile": "open" } ],
            "users": { "alice": { "password": "{{Hash}}" }, "old": { "password": "{{Hash}}" } },
            "acl": { "own": { "for": ["everyone"], "readwrite": ["of/%u/#"] } }
            """));
        _folder.With("kuzzlerc.d/bob.json", Mqtt($$"""
            "users": { "bob.smith": { "password": "{{Hash}}", "disabled": true }, "old": null },
            "acl": { "bob": { "for": ["user:bob*", "client:x"], "read": ["a"], "write": ["b"], "deny": ["c"] } }
            """));

        var configuration = _folder.Read();

        var policy = configuration.MqttAccess.PolicyOf(configuration.MqttListeners[1].Access.ShouldNotBeNull());
        policy.Anonymous.ShouldBe(AnonymousAccess.Refused);
        policy.Users.Keys.Order(StringComparer.Ordinal).ShouldBe(["alice", "bob.smith"]);
        policy.Users["alice"].Password.ShouldNotBeNull().Text.ShouldBe(Hash);
        policy.Users["bob.smith"].IsDisabled.ShouldBeTrue();
        var rules = policy.Rules.ShouldNotBeNull().ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        Texts(rules["own"].Read).ShouldBe(["of/%u/#"]);
        Texts(rules["own"].Write).ShouldBe(["of/%u/#"]);
        rules["bob"].Subjects.Select(subject => subject.Text).ShouldBe(["user:bob*", "client:x"]);
        Texts(rules["bob"].Read).ShouldBe(["a"]);
        Texts(rules["bob"].Write).ShouldBe(["b"]);
        Texts(rules["bob"].Deny).ShouldBe(["c"]);
    }

    [Fact]
    public void A_listener_says_by_what_its_clients_are_known_and_which_rules_hold()
    {
        _folder.WithFile(Mqtt("""
            "acl": { "a": { "for": ["everyone"], "read": ["#"] }, "b": { "for": ["anonymous"], "deny": ["x"] } },
            "listeners": [ {
              "port": 1884, "profile": "open", "authentication": ["certificate", "password"], "certificateName": "dnsName", "acl": ["b"],
              "useUserNameAsClientId": true, "clientIdPrefixes": ["%u-"]
            } ]
            """));

        var configuration = _folder.Read();

        var policy = configuration.MqttAccess.PolicyOf(configuration.MqttListeners[1].Access.ShouldNotBeNull());
        policy.Methods.ShouldBe([AuthenticationMethod.Certificate, AuthenticationMethod.Password]);
        policy.CertificateName.ShouldBe(CertificateName.DnsName);
        policy.Rules.ShouldNotBeNull().ShouldHaveSingleItem().Name.ShouldBe("b");
        policy.UseUserNameAsClientId.ShouldBeTrue();
        policy.ClientIdPrefixes.ShouldBe(["%u-"]);
    }

    [Fact]
    public void Without_rules_every_topic_is_open()
    {
        _folder.WithFile(Mqtt("""
            "listeners": [ { "port": 1884, "profile": "open", "allowAnonymous": true } ]
            """));

        var configuration = _folder.Read();

        configuration.MqttAccess.PolicyOf(configuration.MqttListeners[1].Access.ShouldNotBeNull()).Rules.ShouldBeNull();
    }

    [Fact]
    public void A_user_in_the_environment_is_a_user()
    {
        _folder.WithVariable("kuzzle_server__protocols__mqtt__users__alice__password", Hash);

        _folder.Read().MqttAccess.Users["alice"].Password.ShouldNotBeNull().Text.ShouldBe(Hash);
    }

    [Theory]
    [InlineData("""{ "password": "secret" }""", "server.protocols.mqtt.users.alice.password must be a line that kuzzle-edge passwd prints ($pbkdf2-sha512$i=…) or a hash of mosquitto_passwd ($7$…), not what is written there")]
    [InlineData("""{ "pasword": "x" }""", "server.protocols.mqtt.users.alice.pasword is not a setting; did you mean server.protocols.mqtt.users.alice.password?")]
    [InlineData("5", "server.protocols.mqtt.users.alice must be an object, not 5")]
    public void A_user_that_is_wrong_is_named(string user, string fault)
    {
        _folder.WithFile(Mqtt($$"""
            "users": { "alice": {{user}} }
            """));

        _folder.Faults().ShouldBe(["named:1: " + fault]);
    }

    [Theory]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"a\\u0007b\"", "\"a\u0007b\"")]
    public void A_user_name_that_no_client_could_send_is_a_fault(string name, string shown)
    {
        _folder.WithFile(Mqtt($$"""
            "users": { {{name}}: {} }
            """));

        _folder.Faults().ShouldBe([$"named:1: a name in server.protocols.mqtt.users must be text without control characters, not {shown}"]);
    }

    [Theory]
    [InlineData("""{ "read": ["#"] }""", "server.protocols.mqtt.acl.r needs \"for\": a list of whom it is for")]
    [InlineData("""{ "for": [], "read": ["#"] }""", "server.protocols.mqtt.acl.r.for must be a list of whom it is for, not an empty list")]
    [InlineData("""{ "for": ["everyone"] }""", "server.protocols.mqtt.acl.r needs one of \"read\", \"write\", \"readwrite\", \"deny\": it neither allows nor denies anything")]
    [InlineData(
        """{ "for": ["alice"], "read": ["#"] }""",
        "server.protocols.mqtt.acl.r.for[0] must be \"everyone\", \"anonymous\", or \"user:NAME\", \"device:NAME\" or \"client:ID\", in which * stands for any characters, not the text \"alice\"")]
    [InlineData(
        """{ "for": ["everyone"], "read": ["dev-%u/#"] }""",
        "server.protocols.mqtt.acl.r.read[0] must be a topic filter, in which a whole level may be %u (user name) or %c (client identifier), and that is not shared, not the text \"dev-%u/#\"")]
    public void A_rule_that_is_wrong_is_named(string rule, string fault)
    {
        _folder.WithFile(Mqtt($$"""
            "acl": { "r": {{rule}} }
            """));

        _folder.Faults().ShouldBe(["named:1: " + fault]);
    }

    [Theory]
    [InlineData("""{ "port": 1884, "profile": "open", "allowAnonymous": true, "acl": ["nay"] }""", "named:1: server.protocols.mqtt.listeners[0].acl names the rule \"nay\", which is not in server.protocols.mqtt.acl (there are yes)")]
    [InlineData("""{ "port": 1884, "profile": "open", "allowAnonymous": true, "acl": [] }""", "named:1: server.protocols.mqtt.listeners[0].acl must be a list of names of rules, not an empty list")]
    [InlineData("""{ "port": 1884, "profile": "open", "authentication": [] }""", "named:1: server.protocols.mqtt.listeners[0].authentication must be a list of \"psk\", \"certificate\" and \"password\", not an empty list")]
    [InlineData("""{ "port": 1884, "acl": ["yes"] }""", "named:1: server.protocols.mqtt.listeners[0].acl is for open listeners; on a kuzzle listener the rights of Kuzzle's users decide")]
    [InlineData(
        """{ "port": 1884, "profile": "open", "authentication": ["pasword"], "allowAnonymous": true }""",
        "named:1: server.protocols.mqtt.listeners[0].authentication[0] must be \"psk\" or \"certificate\" or \"password\", not the text \"pasword\"")]
    public void A_listener_that_is_wrong_is_named(string listener, string fault)
    {
        _folder.WithFile(Mqtt($$"""
            "acl": { "yes": { "for": ["everyone"], "read": ["#"] } }, "listeners": [ {{listener}} ]
            """));

        _folder.Faults().ShouldContain(fault);
    }

    [Theory]
    [InlineData("""{ "port": 1884, "profile": "open" }""", "{}", true)]
    [InlineData("""{ "port": 1884, "profile": "open" }""", """{ "a": {} }""", true)]
    [InlineData("""{ "port": 1884, "profile": "open", "authentication": ["password"] }""", "{}", true)]
    [InlineData("""{ "port": 1884, "profile": "open" }""", $$"""{ "a": { "password": "{{Hash}}" } }""", false)]
    [InlineData("""{ "port": 1884, "profile": "open", "authentication": ["psk"] }""", "{}", false)]
    [InlineData("""{ "port": 1884, "profile": "open", "allowAnonymous": true }""", "{}", false)]
    public void An_open_listener_that_nobody_could_use_is_a_fault(string listener, string users, bool isFault)
    {
        _folder.WithFile(Mqtt($$"""
            "users": {{users}}, "listeners": [ {{listener}} ]
            """));

        if (isFault) _folder.Faults().ShouldHaveSingleItem().ShouldStartWith(NobodyCouldCome);
        else _folder.Read().MqttListeners.Count.ShouldBe(2);
    }

    [Fact]
    public void The_example_on_the_page_for_operators_is_right()
    {
        var page = Repository.Read("docs/security.md");
        var begin = page.IndexOf("```js\n", StringComparison.Ordinal) + "```js\n".Length;
        _folder.With("kuzzlerc", page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)]);

        var configuration = _folder.Read();

        configuration.MqttListeners[1].Access.ShouldNotBeNull().Anonymous.ShouldBe(AnonymousAccess.Allowed);
        configuration.MqttAccess.Rules.Count.ShouldBe(4);
    }

    [Fact]
    public void Users_rules_and_what_a_listener_says_about_its_clients_change_without_a_restart()
    {
        var before = Read($$"""{ "port": 1884, "profile": "open", "allowAnonymous": true, "clientIdPrefixes": ["a"] }""", "alice");
        var after = Read($$"""{ "port": 1884, "profile": "open", "clientIdPrefixes": ["b"] }""", "bob");

        var changes = ConfigurationChanges.Between(before, after);

        changes.NeedRestart.ShouldBeEmpty();
        changes.Reloadable.ShouldBe(
        [
            "server.protocols.mqtt.listeners[0].allowAnonymous", "server.protocols.mqtt.listeners[0].clientIdPrefixes[0]",
            "server.protocols.mqtt.users.alice.password", "server.protocols.mqtt.users.bob.password",
        ]);
        changes.Current.MqttListeners[1].Access.ShouldNotBeNull().Anonymous.ShouldBe(AnonymousAccess.Refused);
        changes.Current.MqttAccess.Users.Keys.ShouldBe(["bob"]);
    }

    [Fact]
    public void Sensors_are_added_changed_and_removed_without_a_restart()
    {
        var before = ReadSensors("""{ "name": "a", "source": "thermal" }, { "name": "b", "source": "thermal" }""");
        var after = ReadSensors("""{ "name": "b", "source": "thermal", "interval": "5s" }, { "name": "c", "source": "thermal" }""");

        var changes = ConfigurationChanges.Between(before, after);

        changes.HasSensors.ShouldBeTrue();
        changes.NeedRestart.ShouldBeEmpty();
        changes.Current.Sensors.Sensors.Select(sensor => (sensor.Options.Name, sensor.Options.Interval.TotalSeconds)).ShouldBe([("b", 5), ("c", 10)]);
        ConfigurationChanges.Between(changes.Current, after).Reloadable.ShouldBeEmpty("all is in force");
    }

    [Fact]
    public void More_sensors_than_the_limit_are_a_fault()
    {
        _folder.WithFile("""{ "limits": { "sensors": 1 }, "sensors": [ { "name": "a", "source": "thermal" }, { "name": "b", "source": "thermal" } ] }""");

        _folder.Faults().ShouldHaveSingleItem().ShouldContain("sensors has 2 members, and limits.sensors allows 1");
    }

    [Fact]
    public void When_the_listeners_themselves_change_theirs_waits_and_users_change_nevertheless()
    {
        var before = Read($$"""{ "port": 1884, "profile": "open", "allowAnonymous": true }""", "alice");
        var after = Read($$"""{ "port": 1885, "profile": "open" }""", "bob");

        var changes = ConfigurationChanges.Between(before, after);

        changes.NeedRestart.ShouldBe(["server.protocols.mqtt.listeners[0].allowAnonymous", "server.protocols.mqtt.listeners[0].port"]);
        changes.Current.MqttListeners[1].Access.ShouldNotBeNull().Anonymous.ShouldBe(AnonymousAccess.Allowed);
        ((IPEndPoint)changes.Current.MqttListeners[1].EndPoint).Port.ShouldBe(1884);
        changes.Current.MqttAccess.Users.Keys.ShouldBe(["bob"]);
        ConfigurationChanges.Between(changes.Current, after).NeedRestart.ShouldBe(changes.NeedRestart, "it is named again at the next reload");
    }

    private static string Mqtt(string members) => $$"""{ "server": { "protocols": { "mqtt": { {{members}} } } } }""";

    private static IEnumerable<string> Texts(IEnumerable<TopicPattern> patterns) => patterns.Select(pattern => pattern.Text);

    private EdgeConfiguration ReadSensors(string sensors)
    {
        _folder.WithFile($$"""{ "sensors": [ {{sensors}} ] }""");
        return _folder.Read();
    }

    private EdgeConfiguration Read(string listener, string user)
    {
        _folder.WithFile(Mqtt($$"""
            "users": { "{{user}}": { "password": "{{Hash}}" } }, "listeners": [ {{listener}} ]
            """));
        return _folder.Read();
    }
}
