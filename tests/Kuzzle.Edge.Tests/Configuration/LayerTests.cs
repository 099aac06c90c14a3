using System.Net;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Listeners;
using Kuzzle.Edge.Sqlite;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Tests.Configuration;

public sealed class LayerTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_word_the_defaults_hold()
    {
        var configuration = _folder.Read();

        configuration.Http.Port.ShouldBe(7512);
        configuration.MqttListeners.ShouldBe(
            [new MqttListener(new IPEndPoint(IPAddress.Any, 1883), ListenerProfile.Kuzzle, Access: null, new TcpListenerOptions { MaxConnections = 50_000 }, Tls: null)]);
        configuration.MqttWebSocket.ShouldBe(new MqttWebSocketListener(ListenerProfile.Kuzzle, Access: null));
        configuration.KuzzleMqtt.RequestTopic.ShouldBe("Kuzzle/request");
        configuration.KuzzleMqtt.DevelopmentEnvironment.ShouldBeFalse();
        configuration.Storage.Directory.ShouldBe("/var/lib/kuzzle-edge");
        configuration.Storage.Durability.ShouldBe(StorageDurability.Full);
        configuration.Upstream.ShouldBeNull();
        configuration.Log.ShouldBe(new LogConfiguration(LogLevel.Information, File: null, 10 * 1024 * 1024, 7));
    }

    [Fact]
    public void Each_layer_wins_over_those_before_it()
    {
        _folder.With("kuzzlerc", """{ "server": { "port": 1 } }""");
        _folder.Read().Http.Port.ShouldBe(1);

        _folder.With("kuzzlerc.d/10-first.json", """{ "server": { "port": 2 } }""");
        _folder.Read().Http.Port.ShouldBe(2);

        _folder.With("kuzzlerc.d/20-second.json", """{ "server": { "port": 3 } }""");
        _folder.Read().Http.Port.ShouldBe(3);

        _folder.With("fromvariable", """{ "server": { "port": 4 } }""").WithVariable("kuzzle_config", Path.Combine(_folder.Path, "fromvariable"));
        _folder.Read().Http.Port.ShouldBe(4);

        _folder.WithFile("""{ "server": { "port": 5 } }""");
        _folder.Read().Http.Port.ShouldBe(5);

        _folder.WithVariable("kuzzle_server__port", "6");
        _folder.Read().Http.Port.ShouldBe(6);

        _folder.WithArgument("--server.port=7");
        _folder.Read().Http.Port.ShouldBe(7);
    }

    [Fact]
    public void What_systemd_has_decrypted_wins_over_the_files_and_loses_to_what_is_named()
    {
        _folder.With("kuzzlerc", """{ "server": { "port": 1 } }""").With("kuzzlerc.d/10.json", """{ "server": { "port": 2 } }""");
        _folder.With("credentials/upstream.json", """{ "server": { "port": 3 } }""").With("credentials/mqtt.key", "no configuration, and not read as one");
        _folder.WithVariable("CREDENTIALS_DIRECTORY", Path.Combine(_folder.Path, "credentials"));
        _folder.Read().Http.Port.ShouldBe(3);

        _folder.WithFile("""{ "server": { "port": 4 } }""");
        _folder.Read().Http.Port.ShouldBe(4);
    }

    [Fact]
    public void A_fault_in_a_credential_is_told_with_its_file()
    {
        _folder.With("credentials/upstream.json", """{ "lgo": 1 }""").WithVariable("CREDENTIALS_DIRECTORY", Path.Combine(_folder.Path, "credentials"));

        _folder.Faults().ShouldHaveSingleItem().ShouldStartWith("credentials/upstream.json:1: lgo is not a setting");
    }

    [Fact]
    public void Tokens_follow_the_names_of_today_and_else_the_older_ones()
    {
        _folder.With("kuzzlerc", """{ "security": { "jwt": { "expiresIn": "2h", "maxTTL": "3h", "secret": "an older secret of thirty-two characters" } } }""");
        var older = _folder.Read().Api.Security;
        (older.ExpiresIn, older.MaxTtl, older.Secret).ShouldBe((TimeSpan.FromHours(2), TimeSpan.FromHours(3), "an older secret of thirty-two characters"));

        _folder.With("kuzzlerc.d/10.json", """{ "security": { "authToken": { "expiresIn": "5h", "maxTTL": -1, "gracePeriod": "3s" } } }""");
        var both = _folder.Read().Api.Security;
        (both.ExpiresIn, both.MaxTtl, both.GracePeriod, both.Secret).ShouldBe((TimeSpan.FromHours(5), (TimeSpan?)null, TimeSpan.FromSeconds(3), "an older secret of thirty-two characters"));
    }

    [Theory]
    [InlineData("""{ "security": { "standard": { "roles": {} } } }""", "security.standard cannot be changed here")]
    [InlineData("""{ "security": { "default": { "role": {} } } }""", "security.default has no meaning here")]
    [InlineData("""{ "security": { "authToken": { "algorithm": "RS256" } } }""", "security.authToken.algorithm cannot be changed here")]
    public void What_Kuzzle_lets_one_say_of_security_and_this_does_not_is_refused_by_name(string written, string reason)
    {
        _folder.With("kuzzlerc", written);

        _folder.Faults().ShouldHaveSingleItem().ShouldContain(reason);
    }

    [Fact]
    public void Objects_are_merged_and_lists_are_replaced()
    {
        _folder.With("kuzzlerc", """{ "server": { "port": 1, "protocols": { "mqtt": { "server": { "port": 2 }, "listeners": [ { "port": 3 }, { "port": 4 } ] } } } }""");
        _folder.WithFile("""{ "server": { "protocols": { "mqtt": { "listeners": [ { "port": 5 } ] } } } }""");

        var configuration = _folder.Read();

        configuration.Http.Port.ShouldBe(1);
        configuration.MqttListeners.Select(listener => ((IPEndPoint)listener.EndPoint).Port).ShouldBe([2, 5]);
    }

    [Fact]
    public void A_null_takes_back_what_a_layer_below_has_said()
    {
        _folder.With("kuzzlerc", """{ "server": { "port": 1 }, "upstream": { "kuzzle": { "url": "ws://a", "rules": ["*/*"] } } }""");
        _folder.WithFile("""{ "server": { "port": null }, "upstream": null }""");

        var configuration = _folder.Read();

        configuration.Http.Port.ShouldBe(7512);
        configuration.Upstream.ShouldBeNull();
    }

    [Fact]
    public void A_file_may_have_comments_trailing_commas_and_a_byte_order_mark()
    {
        _folder.WithFile("\uFEFF// first\n{ /* second */ \"server\": { \"port\": 9, }, }\n");

        _folder.Read().Http.Port.ShouldBe(9);
    }

    [Fact]
    public void What_does_not_end_in_json_in_the_drop_in_folder_is_not_read()
    {
        _folder.With("kuzzlerc.d/10.json.bak", "{ broken");

        _folder.Read().Http.Port.ShouldBe(7512);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Flags_in_the_environment_are_flags(string text, bool value)
    {
        _folder.WithVariable("kuzzle_server__protocols__mqtt__allowPubSub", text);

        _folder.Read().KuzzleMqtt.AllowPubSub.ShouldBe(value);
    }

    [Fact]
    public void Json_in_the_environment_is_parsed()
    {
        _folder.WithVariable("kuzzle_server__protocols__mqtt__listeners", """*json:[{"port": 1884, "profile": "open", "allowAnonymous": true}]""");

        var listener = _folder.Read().MqttListeners[1];

        listener.EndPoint.ShouldBe(new IPEndPoint(IPAddress.Any, 1884));
        listener.Profile.ShouldBe(ListenerProfile.Open);
        listener.Access.ShouldNotBeNull().Anonymous.ShouldBe(AnonymousAccess.Allowed);
    }

    [Fact]
    public void A_text_of_digits_in_the_environment_is_still_text_where_text_is_wanted()
    {
        _folder.WithFile("""{ "upstream": { "kuzzle": { "url": "ws://cloud", "rules": ["*/*"], "auth": { "password": "hush" } } } }""").WithVariable("kuzzle_upstream__kuzzle__auth__username", "0123");

        _folder.Read().Upstream.ShouldNotBeNull().Auth?.UserName.ShouldBe("0123");
    }

    [Fact]
    public void Variables_in_another_case_are_none_of_ours()
    {
        _folder.WithVariable("KUZZLE_server__port", "x").WithVariable("Kuzzle_server__port", "x");

        _folder.Read().Http.Port.ShouldBe(7512);
    }

    [Theory]
    [InlineData("NODE_ENV", "development", true)]
    [InlineData("DOTNET_ENVIRONMENT", "Development", true)]
    [InlineData("NODE_ENV", "production", false)]
    public void A_development_environment_is_named_by_either_variable(string name, string value, bool isDevelopment)
    {
        _folder.WithVariable(name, value);

        _folder.Read().KuzzleMqtt.DevelopmentEnvironment.ShouldBe(isDevelopment);
    }

    [Fact]
    public void Sizes_and_durations_have_units_or_are_bytes_and_milliseconds()
    {
        _folder.WithFile("""
            {
              "server": { "maxRequestSize": "2MB", "protocols": { "websocket": { "idleTimeout": 90000 }, "mqtt": { "disconnectDelay": "1.5s" } } },
              "storage": { "cache": 1048576, "searchTimeLimit": "2m" }
            }
            """);

        var configuration = _folder.Read();

        configuration.Http.MaxRequestBytes.ShouldBe(2 * 1024 * 1024);
        configuration.KuzzleMqtt.MaxRequestBytes.ShouldBe(2 * 1024 * 1024);
        configuration.Http.WebSocket.IdleTimeout.ShouldBe(TimeSpan.FromSeconds(90));
        configuration.KuzzleMqtt.DisconnectDelay.ShouldBe(TimeSpan.FromMilliseconds(1500));
        configuration.Storage.CacheKiB.ShouldBe(1024);
        configuration.Storage.SearchTimeLimit.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void An_upstream_decides_which_collections_enter_the_outbox()
    {
        _folder.WithFile("""{ "upstream": { "kuzzle": { "url": "wss://cloud:1", "rules": ["plant/*"] } } }""");

        var storage = _folder.Read().Storage;

        storage.RouteOf(new("plant", "readings")).GoesUp.ShouldBeTrue();
        storage.RouteOf(new("local", "readings")).GoesUp.ShouldBeFalse();
    }

    [Fact]
    public void A_rule_of_the_upstream_has_all_that_was_written_for_it()
    {
        _folder.WithFile("""
            { "upstream": { "kuzzle": { "url": "ws://cloud:1", "rules": [ { "match": "plant/alarms", "target": "site7/a-*", "filter": { "range": { "level": { "gte": 3 } } },
              "include": ["a"], "exclude": ["a.b"], "batchSize": 20, "priority": 9 }, "plant/*" ] } } }
            """);

        var configuration = _folder.Read();

        var rules = configuration.Upstream.ShouldNotBeNull().Rules;
        rules.All.Count.ShouldBe(2);
        rules.TryFind(new("plant", "alarms"), out var rule).ShouldBeTrue();
        rule!.NameUpstream(new("plant", "alarms")).ToString().ShouldBe("site7/a-alarms");
        rule.Filter.ShouldNotBeNull().Matches("1", JsonElement.Parse("""{"level":3}""")).ShouldBeTrue();
        rule.Filter.Matches("1", JsonElement.Parse("""{"level":2}""")).ShouldBeFalse();
        (rule.Fields.IsEverything, rule.BatchSize, rule.Priority).ShouldBe((false, 20, 9));
        configuration.Storage.RouteOf(new("plant", "alarms")).Priority.ShouldBe(9);
        configuration.Storage.RouteOf(new("plant", "readings")).Priority.ShouldBe(0);
    }

    [Fact]
    public void What_the_outbox_the_line_and_the_disk_may_take_is_told_to_store_and_link()
    {
        _folder.WithFile("""
            { "storage": { "diskReserve": "100MB" },
              "upstream": { "outbox": { "maxEntries": 5000, "maxSize": "10MB", "whenFull": "drop" },
                "kuzzle": { "url": "ws://cloud:1", "bandwidth": "64KB", "schedule": ["22:00-06:00", "12:00-12:30"], "schedulePriority": 5, "deadLetters": "plant/refused",
                  "rules": [ { "match": "plant/*", "droppable": true, "deleteAfter": "30d", "deleteAboveDisk": 80, "compareInterval": "10m" } ] } } }
            """);

        var configuration = _folder.Read();

        var storage = configuration.Storage;
        (storage.DiskReserve, storage.DeadLetters).ShouldBe((100 * 1024 * 1024L, new CollectionName("plant", "refused")));
        storage.Outbox.ShouldBe(new OutboxBounds { MaxEntries = 5000, MaxBytes = 10 * 1024 * 1024, WhenFull = OutboxOverflow.DropOldest });
        storage.RouteOf(new("plant", "readings")).ShouldBe(new UpstreamRoute(GoesUp: true, MayBeDropped: true));
        var upstream = configuration.Upstream.ShouldNotBeNull();
        (upstream.Bandwidth, upstream.SchedulePriority).ShouldBe((64 * 1024L, 5));
        upstream.Schedule.Select(window => window.ToString()).ShouldBe(["22:00-06:00", "12:00-12:30"]);
        var rule = upstream.Rules.All[0];
        (rule.MayBeDropped, rule.DeleteAfter, rule.DeleteAboveDisk, rule.CompareInterval).ShouldBe((true, TimeSpan.FromDays(30), 80, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void A_rule_that_only_comes_down_puts_nothing_in_the_outbox()
    {
        _folder.WithFile("""
            { "upstream": { "kuzzle": { "url": "https://cloud:1", "auth": { "username": "box", "password": "hush" }, "conflicts": "plant/conflicts", "tls": { "ca": "ca.pem" },
              "rules": [ { "match": "plant/orders", "direction": "down" }, { "match": "plant/*", "direction": "both", "conflict": "keep-both" } ] } } }
            """);

        var configuration = _folder.Read();

        configuration.Storage.RouteOf(new("plant", "orders")).GoesUp.ShouldBeFalse();
        configuration.Storage.RouteOf(new("plant", "readings")).GoesUp.ShouldBeTrue();
        var upstream = configuration.Upstream.ShouldNotBeNull();
        (upstream.Auth?.UserName, upstream.Conflicts).ShouldBe(("box", new("plant", "conflicts")));
        upstream.Tls.Trust.ShouldBe(Path.GetFullPath("ca.pem"));
        upstream.Rules.All[1].Conflict.ShouldBe(ConflictPolicy.KeepBoth);
    }

    [Theory]
    [InlineData("""{ "upstream": {} }""")]
    [InlineData("""{ "upstream": { "kuzzle": null } }""")]
    public void An_upstream_without_a_Kuzzle_has_no_link(string text) => _folder.WithFile(text).Read().Upstream.ShouldBeNull();

    [Fact]
    public void A_secret_in_a_file_is_below_the_folder_of_the_service_managers_credentials()
    {
        _folder.WithVariable("CREDENTIALS_DIRECTORY", "/run/credentials/box");

        _folder.WithFile("""{ "upstream": { "kuzzle": { "url": "wss://a", "rules": ["a/b"], "auth": { "apiKeyFile": "key" }, "tls": { "certificate": "/etc/box.pem", "key": "box.key" } } } }""");
        var upstream = _folder.Read().Upstream.ShouldNotBeNull();
        upstream.Auth?.ApiKey?.ToString().ShouldBe("/run/credentials/box/key");
        (upstream.Tls.Certificate, upstream.Tls.Key).ShouldBe(("/etc/box.pem", "/run/credentials/box/box.key"));

        _folder.WithFile("""{ "upstream": { "kuzzle": { "url": "wss://a", "rules": ["a/b"], "auth": { "username": "u", "passwordFile": "pass", "strategy": "ldap" } } } }""");
        upstream = _folder.Read().Upstream.ShouldNotBeNull();
        (upstream.Auth?.Password?.ToString(), upstream.Auth?.Strategy).ShouldBe(("/run/credentials/box/pass", "ldap"));
    }

    [Fact]
    public void A_filter_that_is_none_is_refused_with_the_clause()
    {
        _folder.WithFile("""{ "upstream": { "kuzzle": { "url": "ws://a", "rules": [{ "match": "plant/*", "filter": { "equal": { "a": 1 } } }] } } }""");

        _folder.Faults().ShouldHaveSingleItem().ShouldStartWith("named:1: upstream.kuzzle.rules[0].filter must be a Koncorde filter: ");
    }

    [Fact]
    public void A_sensor_has_all_that_was_written_for_it()
    {
        _folder.WithFile("""
            { "sensors": [ { "name": "room", "source": "iio", "chip": "bme280", "channel": "temp", "interval": "2s", "store": "all", "index": "house",
              "collection": "climate", "topic": "house/room", "seed": -3, "mean": 1.5, "amplitude": 0, "period": "1h" } ] }
            """);

        _folder.Read().Sensors.Sensors.ShouldHaveSingleItem().Options.ShouldBe(new SensorOptions
        {
            Name = "room",
            Source = SensorSourceKind.Iio,
            Chip = "bme280",
            Channel = "temp",
            Interval = TimeSpan.FromSeconds(2),
            Store = ReadingStorage.All,
            Index = "house",
            Collection = "climate",
            Topic = "house/room",
            Seed = -3,
            Mean = 1.5,
            Amplitude = 0,
            Period = TimeSpan.FromHours(1),
        });
    }

    [Fact]
    public void A_chip_that_the_kernel_knows_needs_no_source_and_a_channel_no_object()
    {
        _folder.WithFile("""{ "sensors": [ { "name": "air", "chip": "bme280", "bus": 1, "address": "0x76", "channels": ["temp", { "channel": "pressure", "deadBand": 0.5 }] } ] }""");

        var air = _folder.Read().Sensors.Sensors[0].Options;

        (air.Source, air.Chip, air.Bus, air.Address).ShouldBe((SensorSourceKind.Iio, "bme280", 1, 0x76));
        air.Channels.Select(channel => (channel.Channel, channel.DeadBand)).ShouldBe([("temp", 0), ("pressure", 0.5)]);
    }

    [Fact]
    public void A_register_of_ones_own_is_a_map()
    {
        _folder.WithFile("""
            { "sensors": [ { "name": "rail", "source": "i2c", "bus": 1, "address": 64,
              "map": { "fields": [ { "name": "voltage", "unit": "V", "register": "0x02", "mask": "0xFFF8", "shift": 3, "scale": 0.004 } ] } } ] }
            """);

        var map = _folder.Read().Sensors.Sensors[0].Options.Map!;

        map.FindFaults().ShouldBeEmpty();
        var field = map.Fields.ShouldHaveSingleItem();
        (field.Name, field.Unit, field.Mask, field.Shift, field.Scale).ShouldBe(("voltage", "V", 0xFFF8UL, 3, 0.004));
    }

    [Fact]
    public void A_definition_through_the_API_gets_the_same_faults_as_one_in_a_file()
    {
        var read = SensorRules.Read(System.Text.Json.JsonElement.Parse("""{"name":"a b","source":"iio","intervall":"1s"}"""));

        read.Options.ShouldBeNull();
        read.Faults.ShouldBe(["name must be 1 to 64 letters, digits, '-', '_' or '.', not the text \"a b\"", "intervall is not a setting; did you mean interval?"]);
    }
}
