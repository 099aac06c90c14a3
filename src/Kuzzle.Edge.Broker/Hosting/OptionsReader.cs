using System.Collections.Frozen;
using System.Globalization;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.SysTopics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>Reads options from a program's configuration by a table, for binding by reflection does not survive trimming.</summary>
internal static class OptionsReader
{
    private static readonly FrozenDictionary<string, Action<MqttBrokerOptions, string>> Setters = new Dictionary<string, Action<MqttBrokerOptions, string>>
    {
        [nameof(MqttBrokerOptions.Id)] = static (options, value) => options.Id = value,
        [nameof(MqttBrokerOptions.Anonymous)] = static (options, value) => options.Anonymous = Enum.Parse<AnonymousAccess>(value, ignoreCase: true),
        [nameof(MqttBrokerOptions.Concurrency)] = static (options, value) => options.Concurrency = Int32(value),
        [nameof(MqttBrokerOptions.QueueLimit)] = static (options, value) => options.QueueLimit = Int32(value),
        [nameof(MqttBrokerOptions.MaxClientsIdLength)] = static (options, value) => options.MaxClientsIdLength = Int32(value),
        [nameof(MqttBrokerOptions.HandlerTimeout)] = static (options, value) => options.HandlerTimeout = Time(value),
        [nameof(MqttBrokerOptions.EventQueueLimit)] = static (options, value) => options.EventQueueLimit = Int32(value),
        [nameof(MqttBrokerOptions.SysTopics)] = static (options, value) => options.SysTopics = Enum.Parse<SysTopicKinds>(value, ignoreCase: true),
        [nameof(MqttBrokerOptions.HeartbeatInterval)] = static (options, value) => options.HeartbeatInterval = Time(value),
        [nameof(MqttBrokerOptions.StatisticsInterval)] = static (options, value) => options.StatisticsInterval = Time(value),
        [nameof(MqttBrokerOptions.MaxPacketBytes)] = static (options, value) => options.MaxPacketBytes = Int32(value),
        [nameof(MqttBrokerOptions.MaxConnectBytes)] = static (options, value) => options.MaxConnectBytes = Int32(value),
        [nameof(MqttBrokerOptions.ConnectTimeout)] = static (options, value) => options.ConnectTimeout = Time(value),
        [nameof(MqttBrokerOptions.LingerTimeout)] = static (options, value) => options.LingerTimeout = Time(value),
        [nameof(MqttBrokerOptions.MaxConnections)] = static (options, value) => options.MaxConnections = Int32(value),
        [nameof(MqttBrokerOptions.MaxConnecting)] = static (options, value) => options.MaxConnecting = Int32(value),
        [nameof(MqttBrokerOptions.MaxConnectionsPerSecond)] = static (options, value) => options.MaxConnectionsPerSecond = Int32(value),
        [nameof(MqttBrokerOptions.MaxKeepAliveSeconds)] = static (options, value) => options.MaxKeepAliveSeconds = Int32(value),
        [nameof(MqttBrokerOptions.ReceiveMaximum)] = static (options, value) => options.ReceiveMaximum = Int32(value),
        [nameof(MqttBrokerOptions.TopicAliasMaximum)] = static (options, value) => options.TopicAliasMaximum = Int32(value),
        [nameof(MqttBrokerOptions.MaxTopicAliasesToClient)] = static (options, value) => options.MaxTopicAliasesToClient = Int32(value),
        [nameof(MqttBrokerOptions.ResponseInformation)] = static (options, value) => options.ResponseInformation = value.Length == 0 ? null : value,
        [nameof(MqttBrokerOptions.MaxInFlight)] = static (options, value) => options.MaxInFlight = Int32(value),
        [nameof(MqttBrokerOptions.MaxPendingOutputBytes)] = static (options, value) => options.MaxPendingOutputBytes = Int32(value),
        [nameof(MqttBrokerOptions.MaxQueuedMessages)] = static (options, value) => options.MaxQueuedMessages = Int32(value),
        [nameof(MqttBrokerOptions.MaxQueuedBytes)] = static (options, value) => options.MaxQueuedBytes = Int64(value),
        [nameof(MqttBrokerOptions.MaxTotalQueuedBytes)] = static (options, value) => options.MaxTotalQueuedBytes = Int64(value),
        [nameof(MqttBrokerOptions.MaxRetainedMessages)] = static (options, value) => options.MaxRetainedMessages = Int32(value),
        [nameof(MqttBrokerOptions.MaxRetainedBytes)] = static (options, value) => options.MaxRetainedBytes = Int64(value),
        [nameof(MqttBrokerOptions.MaxSessions)] = static (options, value) => options.MaxSessions = Int32(value),
        [nameof(MqttBrokerOptions.MaxSessionExpirySeconds)] = static (options, value) => options.MaxSessionExpirySeconds = UInt32(value),
        [nameof(MqttBrokerOptions.MaxSubscriptionsPerSession)] = static (options, value) => options.MaxSubscriptionsPerSession = Int32(value),
        [nameof(MqttBrokerOptions.MaxTopicLevels)] = static (options, value) => options.MaxTopicLevels = Int32(value),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names that can be read.</summary>
    public static IReadOnlyCollection<string> Names => Setters.Keys;

    /// <summary>Sets what the section names.</summary>
    /// <exception cref="OptionsValidationException">Names all that is wrong in it.</exception>
    public static void Read(IConfiguration section, MqttBrokerOptions options)
    {
        var faults = new List<string>();
        foreach (var entry in section.GetChildren())
        {
            if (!Setters.TryGetValue(entry.Key, out var set)) faults.Add($"{entry.Path}: there is no such option; there are {string.Join(", ", Names.Order(StringComparer.Ordinal))}.");
            else if (entry.Value is not { } value) faults.Add($"{entry.Path}: it has no value.");
            else if (TrySet(set, options, value) is { } fault) faults.Add($"{entry.Path}: '{value}' is not possible: {fault}");
        }

        if (faults.Count > 0) throw new OptionsValidationException(Options.DefaultName, typeof(MqttBrokerOptions), faults);
    }

    private static string? TrySet(Action<MqttBrokerOptions, string> set, MqttBrokerOptions options, string value)
    {
        try
        {
            set(options, value);
            return null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException)
        {
            return failure.Message;
        }
    }

    private static int Int32(string value) => int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static uint UInt32(string value) => uint.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long Int64(string value) => long.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>As <c>00:00:30</c>, or in milliseconds.</summary>
    private static TimeSpan Time(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.Parse(value, CultureInfo.InvariantCulture);
}
