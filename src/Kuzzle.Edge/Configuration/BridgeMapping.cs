using System.Globalization;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Sync.Bridges;

namespace Kuzzle.Edge.Configuration;

/// <summary>Puts the checked settings of bridges into their terms.</summary>
internal static class BridgeMapping
{
    /// <summary>The bridges that the settings are.</summary>
    /// <param name="values">The whole configuration.</param>
    /// <param name="written">What was written, by key.</param>
    /// <param name="credentials">The folder of systemd's credentials, or null.</param>
    public static IReadOnlyList<BridgeConfiguration> Map(SettingValues values, IReadOnlyDictionary<string, string> written, string? credentials) =>
    [
        .. values.Get(BridgeSettings.Mqtt).Select((bridge, index) =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{BridgeSettings.Mqtt.Key}[{index}].");
            var text = written.Where(entry => entry.Key.StartsWith(key, StringComparison.Ordinal)).Select(entry => $"{entry.Key[key.Length..]}={entry.Value}").Order(StringComparer.Ordinal);
            return new BridgeConfiguration(Map(bridge, credentials), string.Join('\n', text));
        }),
    ];

    /// <summary>The client identifier on the other side.</summary>
    public static string ClientIdOf(SettingValues bridge) => bridge.Find(BridgeSettings.ClientId) ?? $"{Environment.MachineName}-{bridge.Get(BridgeSettings.Name)}";

    /// <summary>One of the topics.</summary>
    public static BridgeTopic Map(SettingValues topic) => new(topic.Get(BridgeSettings.Pattern), topic.Get(BridgeSettings.Direction))
    {
        LocalPrefix = topic.Get(BridgeSettings.LocalPrefix),
        RemotePrefix = topic.Get(BridgeSettings.RemotePrefix),
        QualityOfService = (QualityOfService)topic.Get(BridgeSettings.QualityOfService),
        Retain = topic.Get(BridgeSettings.Retain),
    };

    private static MqttBridgeOptions Map(SettingValues bridge, string? credentials)
    {
        var auth = bridge.Find(BridgeSettings.Auth);
        var clientId = ClientIdOf(bridge);
        var drogue = bridge.Find(BridgeSettings.Drogue);
        return new MqttBridgeOptions
        {
            Name = bridge.Get(BridgeSettings.Name),
            Url = bridge.Get(BridgeSettings.Url),
            Version = bridge.Get(BridgeSettings.Version),
            ClientId = clientId,
            UserName = auth?.Find(BridgeSettings.UserName),
            Password = auth is null ? null : UpstreamMapping.Secret(auth.Find(BridgeSettings.Password), auth.Find(BridgeSettings.PasswordFile), credentials),
            Tls = UpstreamMapping.Tls(bridge.Find(BridgeSettings.Tls), credentials),
            Clean = drogue is not null || bridge.Get(BridgeSettings.Clean), // Nothing of a Drogue session survives its connection, and it says so by refusing others.
            Drogue = drogue is null ? null : GatewayOf(drogue, auth?.Find(BridgeSettings.UserName)),
            Topics = [.. bridge.Get(BridgeSettings.Topics).Select(Map)],
            RemoteStateTopic = drogue is null ? StateTopicOf(bridge.Find(BridgeSettings.StateTopic), clientId) : null,
            KeepAlive = bridge.Get(BridgeSettings.KeepAlive),
            AnswerTimeout = bridge.Get(BridgeSettings.AnswerTimeout),
            MaxRetryDelay = bridge.Get(BridgeSettings.MaxRetryDelay),
            MaxInFlight = bridge.Get(BridgeSettings.MaxInFlight),
            MaxPacketBytes = (int)bridge.Get(BridgeSettings.MaxPacketSize),
            MaxSentPacketBytes = (int)bridge.Get(BridgeSettings.MaxSentPacketSize),
            MaxQueuedMessages = bridge.Get(BridgeSettings.QueueMessages),
            MaxQueuedBytes = bridge.Get(BridgeSettings.QueueBytes),
            QueuePolicy = bridge.Get(BridgeSettings.QueuePolicy),
        };
    }

    private static DrogueGateway GatewayOf(SettingValues drogue, string? userName) => new()
    {
        Application = drogue.Get(BridgeSettings.Application),
        Self = drogue.Find(BridgeSettings.Self) ?? (userName?.Split('@') is [{ Length: > 0 } device, _, ..] ? Uri.UnescapeDataString(device) : null),
        HasDevicePrefix = drogue.Get(BridgeSettings.HasDevicePrefix),
        CommandTtl = drogue.Get(BridgeSettings.CommandTtl),
    };

    private static string? StateTopicOf(string? written, string clientId) => written switch
    {
        BridgeSettings.NoTopic => null,
        null => MqttBridgeOptions.StateTopicOf(clientId),
        _ => written,
    };
}
