using System.Globalization;
using Kuzzle.Edge.Configuration.Settings;

namespace Kuzzle.Edge.Tests.Configuration;

public sealed class RangeTests
{
    /// <summary>The schema's ranges and the parts' own are written in two places: a value at the end of the schema's range must be welcome to the part.</summary>
    [Theory]
    [InlineData("server.maxRequestSize", "1", "268435456")]
    [InlineData("server.maxConnections", "1", "1000000")]
    [InlineData("server.protocols.websocket.idleTimeout", "1000", "86400000")]
    [InlineData("server.protocols.websocket.rateLimit", "0", "1000000")]
    [InlineData("server.protocols.mqtt.disconnectDelay", "0", "3600000")]
    [InlineData("server.protocols.mqtt.maxConnections", "1", "1000000")]
    [InlineData("server.protocols.mqtt.connectTimeout", "100", "600000")]
    [InlineData("server.protocols.mqtt.maxKeepAlive", "0", "65535")]
    [InlineData("server.protocols.mqtt.maxPacketSize", "128", "268435460")]
    [InlineData("server.protocols.mqtt.maxInFlight", "1", "16384")]
    [InlineData("server.protocols.mqtt.maxQueuedMessages", "1", "10000000")]
    [InlineData("server.protocols.mqtt.maxQueuedBytes", "1024", "17179869184")]
    [InlineData("server.protocols.mqtt.maxTotalQueuedBytes", "1024", "68719476736")]
    [InlineData("server.protocols.mqtt.maxRetainedMessages", "0", "10000000")]
    [InlineData("server.protocols.mqtt.maxRetainedBytes", "0", "17179869184")]
    [InlineData("server.protocols.mqtt.maxSessions", "1", "1000000")]
    [InlineData("server.protocols.mqtt.maxSessionExpiry", "0", "4294967295")]
    [InlineData("server.protocols.mqtt.maxSubscriptions", "1", "1000000")]
    [InlineData("server.protocols.mqtt.maxTopicLevels", "1", "32768")]
    [InlineData("limits.concurrentRequests", "1", "10000")]
    [InlineData("limits.documentsFetchCount", "1", "1000000")]
    [InlineData("limits.documentsWriteCount", "1", "1000000")]
    [InlineData("limits.subscriptionConditionsCount", "1", "10000")]
    [InlineData("limits.subscriptionRooms", "0", "2147483647")]
    [InlineData("limits.subscriptionDocumentTTL", "0", "315360000000")]
    [InlineData("storage.writeQueue", "1", "65536")]
    [InlineData("storage.readQueue", "1", "65536")]
    [InlineData("storage.searchThreads", "1", "16")]
    [InlineData("storage.searchTimeLimit", "1000", "3600000")]
    [InlineData("storage.cache", "262144", "268435456")]
    [InlineData("log.maxFileSize", "65536", "1073741824")]
    [InlineData("log.maxFiles", "1", "1000")]
    public void Both_ends_of_a_range_are_in_it_and_what_lies_beyond_is_a_fault(string key, string least, string most)
    {
        foreach (var value in (string[])[least, most])
        {
            using var right = new ConfigurationFolder();
            right.WithArgument($"--{key}={value}").Read();
        }

        foreach (var value in (string[])[$"{long.Parse(least, CultureInfo.InvariantCulture) - 1}", $"{long.Parse(most, CultureInfo.InvariantCulture) + 1}"])
        {
            using var wrong = new ConfigurationFolder();
            wrong.WithArgument($"--{key}={value}").Faults().ShouldHaveSingleItem().ShouldContain($"{key} must be ");
        }
    }

    [Fact]
    public void No_two_settings_have_one_key() =>
        KnownSettings.Schema.Settings.Select(setting => setting.Key).ShouldBeUnique();
}
