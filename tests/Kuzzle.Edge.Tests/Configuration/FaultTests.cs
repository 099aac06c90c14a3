using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;

namespace Kuzzle.Edge.Tests.Configuration;

public sealed class FaultTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "server": { "prot": 1 } }""", "named:1: server.prot is not a setting; did you mean server.port?")]
    [InlineData("""{ "sever": { "port": 1 } }""", "named:1: sever is not a setting; did you mean server?")]
    [InlineData("""{ "port": 1 }""", "named:1: port is not a setting; did you mean server.port?")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "requesttopic": "a" } } } }""",
        "named:1: server.protocols.mqtt.requesttopic is not a setting; did you mean server.protocols.mqtt.requestTopic?")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "listeners": [ { "port": 1, "profil": "open" } ] } } } }""",
        "named:1: server.protocols.mqtt.listeners[0].profil is not a setting; did you mean server.protocols.mqtt.listeners[0].profile?")]
    [InlineData("""{ "flux compensator": 1 }""", "named:1: flux compensator is not a setting")]
    [InlineData("""{ "server": { "port": "abc" } }""", "named:1: server.port must be a whole number from 0 to 65535, not the text \"abc\"")]
    [InlineData("""{ "server": { "port": 1.5 } }""", "named:1: server.port must be a whole number from 0 to 65535, not 1.5")]
    [InlineData("""{ "server": { "port": 65536 } }""", "named:1: server.port must be a whole number from 0 to 65535, not 65536")]
    [InlineData("""{ "server": { "port": {} } }""", "named:1: server.port must be a whole number from 0 to 65535, not an object")]
    [InlineData("""{ "server": 5 }""", "named:1: server must be an object, not 5")]
    [InlineData("""{ "server": { "host": "my-box" } }""", "named:1: server.host must be an IP address of this machine, \"localhost\" or \"*\" (all), not the text \"my-box\"")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "enabled": "yes" } } } }""", "named:1: server.protocols.mqtt.enabled must be true or false, not the text \"yes\"")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "requestTopic": "a/#" } } } }""",
        "named:1: server.protocols.mqtt.requestTopic must be a topic name: text without +, # and U+0000, not the text \"a/#\"")]
    [InlineData(
        """{ "server": { "maxRequestSize": "1 PB" } }""", "named:1: server.maxRequestSize must be bytes or a size such as \"1MB\", from 1B to 256MB, not the text \"1 PB\"")]
    [InlineData(
        """{ "storage": { "searchTimeLimit": "2 fortnights" } }""",
        "named:1: storage.searchTimeLimit must be milliseconds or a duration such as \"15s\", from 1s to 1h, not the text \"2 fortnights\"")]
    [InlineData("""{ "storage": { "durability": "half" } }""", "named:1: storage.durability must be \"full\" or \"relaxed\", not the text \"half\"")]
    [InlineData("""{ "upstream": { "kuzzle": { "url": "ws://a" } } }""", "named:1: upstream.kuzzle needs \"rules\": what shall go up or come down")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": [{ "match": "a/b", "direction": "both", "exclude": ["c"] }] } } }""",
        "named:1: upstream.kuzzle.rules[0].exclude is for rules that go \"up\": a part of a document that came down would replace the whole")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["a/b"], "auth": { "username": "u" } } } }""",
        "named:1: upstream.kuzzle.auth needs \"username\" and \"password\" (or \"passwordFile\") together")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["a/b"], "auth": {} } } }""",
        "named:1: upstream.kuzzle.auth needs \"apiKey\" (or \"apiKeyFile\"), or \"username\" and \"password\"; for a link that is anonymous, or known by its certificate, take it out")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["a/b"], "auth": { "apiKey": "k", "username": "u", "password": "p" } } } }""",
        "named:1: upstream.kuzzle.auth has an API key and a user; one of them is needed")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["a/b"], "auth": { "apiKey": "k", "apiKeyFile": "f" } } } }""",
        "named:1: upstream.kuzzle.auth.apiKeyFile cannot stand beside \"apiKey\": one of them is needed")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["a/b"], "auth": { "apiKey": "k", "strategy": "ldap" } } } }""",
        "named:1: upstream.kuzzle.auth.strategy means nothing without \"username\"")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["a/b"], "tls": { "ca": "ca.pem" } } } }""",
        "named:1: upstream.kuzzle.tls means nothing while upstream.kuzzle.url begins with ws://; write wss:// or https://")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "wss://a", "rules": ["a/b"], "tls": { "key": "k.pem" } } } }""",
        "named:1: upstream.kuzzle.tls.key means nothing without \"certificate\"")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "wss://a", "rules": ["a/b"], "tls": { "serverName": "a:1" } } } }""",
        "named:1: upstream.kuzzle.tls.serverName must be the name or address of a host, without a port, not the text \"a:1\"")]
    [InlineData("""{ "upstream": { "kuzzle": { "rules": ["a/b"] } } }""", "named:1: upstream.kuzzle needs \"url\": an address such as \"ws://cloud.example:7512\" (ws, wss, http or https)")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": [{ "match": "plant/*", "target": "site7/all" }] } } }""",
        "named:1: upstream.kuzzle.rules[0].target must have one * where plant/* has any, or different collections would become one; not \"site7/all\"")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "mqtt://a", "rules": ["a/b"] } } }""",
        "named:1: upstream.kuzzle.url must be an address such as \"ws://cloud.example:7512\" (ws, wss, http or https), not the text \"mqtt://a\"")]
    [InlineData(
        """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["plant"] } } }""",
        "named:1: upstream.kuzzle.rules[0].match must be index/collection, with * for any name, such as \"plant/*\", not the text \"plant\"")]
    [InlineData(
        """{ "services": { "storageEngine": { "client": { "node": "http://elasticsearch:9200" } } } }""",
        "named:1: services.storageEngine.client has no meaning here: documents are kept on this machine's disk; see storage.path")]
    [InlineData("""{ "plugins": {} }""", "named:1: plugins has no meaning here: Kuzzle's plugins are JavaScript programs and cannot run in this one")]
    [InlineData("""{ "dump": { "enabled": true } }""", "named:1: dump is known to Kuzzle, but this version does not act on it yet; take it out")]
    [InlineData("""[]""", "named:1: must be an object { … }, not an empty list")]
    [InlineData("""{ "server": { "port": 1 """, "named:1: is not valid JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.")]
    [InlineData("""{ "server": { "host": "\ud800" } }""", "named:1: is not valid JSON: an escape in this text is half of a surrogate pair")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "requestTopic": "a", "responseTopic": "a" } } } }""",
        "named:1: server.protocols.mqtt.requestTopic and server.protocols.mqtt.responseTopic must differ, not both be \"a\"")]
    [InlineData(
        """{ "limits": { "requestsBufferSize": 50 } }""", "named:1: limits.concurrentRequests (100) must be less than limits.requestsBufferSize (50)")]
    [InlineData("""{ "server": { "port": 1883 } }""", "named:1: server.port is 1883, which is already the port of server.protocols.mqtt.server.port")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "listeners": [ { "port": 7512 } ] } } } }""",
        "named:1: server.protocols.mqtt.listeners[0].port is 7512, which is already the port of server.port")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "listeners": [ { "port": 1884, "profile": "open" } ] } } } }""",
        "named:1: nobody could use this open listener: name users with passwords in server.protocols.mqtt.users, let clients prove who they are by \"certificate\" or \"psk\" in server.protocols.mqtt.listeners[0].authentication, or set server.protocols.mqtt.listeners[0].allowAnonymous to true")]
    [InlineData(
        """{ "server": { "protocols": { "mqtt": { "enabled": false, "listeners": [ { "port": 1884 } ] } } } }""",
        "named:1: server.protocols.mqtt.listeners needs server.protocols.mqtt.enabled to be true")]
    [InlineData("""{ "sensors": [ { "name": "cpu" } ] }""", "named:1: sensors[0] needs \"source\": \"hwmon\" or \"thermal\" or \"iio\" or \"w1\" or \"i2c\" or \"gpio\" or \"pwm\" or \"simulated\"")]
    [InlineData("""{ "sensors": [ { "name": "a", "source": "gpio" } ] }""", "named:1: sensors[0].line must be written for a sensor of source \"gpio\": the line's name or number")]
    [InlineData(
        """{ "sensors": [ { "name": "a", "source": "i2c", "bus": 1, "chip": "bme280" } ] }""",
        "named:1: sensors[0].chip is \"bme280\", for which the kernel has a driver: write \"source\": \"iio\", or leave it out")]
    [InlineData(
        """{ "sensors": [ { "name": "a", "bus": 1, "address": "0x40", "map": { "name": "x", "measure": [ {} ], "fields": [ { "name": "v", "register": 1 } ] } } ] }""",
        "named:1: sensors[0].map.measure[0] needs one of \"write\", \"wait\", \"read\" and \"poll\"")]
    [InlineData(
        """{ "sensors": [ { "name": "a", "bus": 1, "address": "0x40", "map": { "fields": [ { "name": "v", "register": 0, "widht": 2 } ] } } ] }""",
        "named:1: sensors[0].map.fields[0].widht is not a setting; did you mean sensors[0].map.fields[0].width?")]
    [InlineData(
        """{ "sensors": [ { "name": "a", "source": "simulated", "alarms": [ { "name": "hot" } ] } ] }""", "named:1: sensors[0].alarms 'hot' needs \"above\" or \"below\"")]
    [InlineData(
        """{ "sensors": [ { "name": "a b", "source": "iio" } ] }""", "named:1: sensors[0].name must be 1 to 64 letters, digits, '-', '_' or '.', not the text \"a b\"")]
    [InlineData(
        """{ "sensors": [ { "name": "a", "source": "iio" }, { "name": "a", "source": "hwmon" } ] }""",
        "named:1: sensors[1].name is \"a\", as sensors[0].name is already")]
    [InlineData("""{ "sensors": [ { "name": "a", "source": "simulated", "amplitude": -1 } ] }""", "named:1: sensors[0].amplitude must be a number, 0 or more, not -1")]
    [InlineData("""{ "sensors": {} }""", "named:1: sensors must be a list of objects, not an object")]
    public void A_fault_is_named_with_its_place_and_what_would_be_right(string file, string fault)
    {
        _folder.WithFile(file);

        _folder.Faults().ShouldBe([fault]);
    }

    [Fact]
    public void All_faults_are_told_with_their_lines_and_files()
    {
        _folder.With("kuzzlerc", "{\n  \"storage\": { \"durability\": 1 }\n}");
        _folder.With("kuzzlerc.d/a.json", "{");
        _folder.WithFile("{\n  // a comment\n  \"server\": {\n    \"port\": 1,\n    \"port\": -1\n  },\n  \"lgo\": {}\n}");
        _folder.WithVariable("kuzzle_limits__documentsFetchCount", "none").WithVariable("kuzzle_", "1").WithVariable("kuzzle_log__level", "*json:{");
        _folder.WithArgument("--server.hots=x").WithArgument("server.port=1");

        var faults = _folder.Faults();

        faults.Count.ShouldBe(10, string.Join('\n', faults));
        faults.ShouldContain("kuzzlerc:2: storage.durability must be \"full\" or \"relaxed\", not 1");
        faults.ShouldContain(fault => fault.StartsWith("kuzzlerc.d/a.json:1: is not valid JSON: ", StringComparison.Ordinal));
        faults.ShouldContain("named:5: \"port\" is written twice; first in line 4");
        faults.ShouldContain("named:5: server.port must be a whole number from 0 to 65535, not -1");
        faults.ShouldContain("named:7: lgo is not a setting; did you mean log?");
        faults.ShouldContain("environment variable kuzzle_limits__documentsFetchCount: limits.documentsFetchCount must be a whole number from 1 to 1000000, not the text \"none\"");
        faults.ShouldContain("environment variable kuzzle_: names no setting; write kuzzle_server__port for server.port");
        faults.ShouldContain(fault => fault.StartsWith("environment variable kuzzle_log__level:1: is not valid JSON: ", StringComparison.Ordinal));
        faults.ShouldContain("command line --server.hots: server.hots is not a setting; did you mean server.host?");
        faults.ShouldContain("command line: 'server.port=1' is no setting; write --server.port=7512");
    }

    [Fact]
    public void A_file_that_was_named_must_be_there()
    {
        _folder.WithVariable("kuzzle_config", Path.Combine(_folder.Path, "absent"));

        _folder.Faults().ShouldBe(["absent: does not exist"]);
    }

    [Fact]
    public void A_directory_is_no_file()
    {
        _folder.WithVariable("kuzzle_config", _folder.Path);

        _folder.Faults().ShouldHaveSingleItem().ShouldEndWith(": is a directory");
    }

    [Fact]
    public void What_cannot_be_looked_into_is_not_taken_for_absent()
    {
        // A folder that root cannot enter either, so that it stands for one that the gateway's user may not.
        var loop = Path.Combine(_folder.Path, "loop");
        File.CreateSymbolicLink(loop, loop);

        var faults = EdgeConfiguration.Load(new ConfigurationSources { SystemDirectory = loop }).Faults.Select(fault => fault.ToString()).ToList();

        faults.Count.ShouldBe(2);
        faults[0].ShouldStartWith($"{loop}/kuzzlerc: cannot be looked into, so nobody knows what the configuration is; whoever runs the gateway must be allowed to read it: ");
        faults[1].ShouldStartWith($"{loop}/kuzzlerc.d: cannot be looked into");
    }

    [Fact]
    public void A_system_without_a_configuration_has_the_defaults() =>
        EdgeConfiguration.Load(new ConfigurationSources { SystemDirectory = Path.Combine(_folder.Path, "absent") }).Faults.ShouldBeEmpty();

    [Fact]
    public void A_file_that_is_not_text_is_said_to_be_none()
    {
        var path = Path.Combine(_folder.Path, "latin1");
        File.WriteAllBytes(path, [(byte)'{', 0xE4, (byte)'}']);
        _folder.WithVariable("kuzzle_config", path);

        _folder.Faults().ShouldBe(["latin1: is not UTF-8 text"]);
    }

    [Fact]
    public void A_secret_is_not_repeated_in_a_fault()
    {
        _folder.WithFile("""{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["a/b"], "auth": { "apiKey": 123456789 } } } }""");

        _folder.Faults().ShouldHaveSingleItem().ShouldNotContain("123456789");
    }
}
