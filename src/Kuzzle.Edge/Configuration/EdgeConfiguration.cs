using System.Net;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Configuration.Trees;
using Kuzzle.Edge.Devices;
using Kuzzle.Edge.Devices.Provisioning;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Protocols.Drogue;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.KuzzleV2;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sync;

namespace Kuzzle.Edge.Configuration;

/// <summary>All that the parts need to know, each in its own terms. Immutable: a reload makes a new one.</summary>
internal sealed record EdgeConfiguration
{
    /// <summary>Limits and rights of the API.</summary>
    public required ApiOptions Api { get; init; }

    /// <summary>HTTP and WebSocket.</summary>
    public required HttpOptions Http { get; init; }

    /// <summary>The bounds of the broker.</summary>
    public required MqttBrokerOptions Broker { get; init; }

    /// <summary>Kuzzle over MQTT.</summary>
    public required KuzzleMqttOptions KuzzleMqtt { get; init; }

    /// <summary>The device endpoint.</summary>
    public required DrogueOptions Drogue { get; init; }

    /// <summary>Where MQTT clients connect, the Kuzzle listener first; none when MQTT is switched off.</summary>
    public required IReadOnlyList<MqttListener> MqttListeners { get; init; }

    /// <summary>The users of open listeners, and their rights.</summary>
    public required MqttAccess MqttAccess { get; init; }

    /// <summary>MQTT over WebSocket; null when it is switched off.</summary>
    public required MqttWebSocketListener? MqttWebSocket { get; init; }

    /// <summary>Where documents are kept.</summary>
    public required SqliteStoreOptions Storage { get; init; }

    /// <summary>Where the broker's sessions and messages are kept; null when they end with the process.</summary>
    public required SqliteBrokerStoreOptions? BrokerStorage { get; init; }

    /// <summary>The sensors of this box.</summary>
    public required SensorServiceOptions Sensors { get; init; }

    /// <summary>Whether the time of day is right though nobody keeps it so.</summary>
    public required bool IsClockTrusted { get; init; }

    /// <summary>The bounds of the device registry.</summary>
    public required DeviceOptions Registry { get; init; }

    /// <summary>The applications and devices that there shall be.</summary>
    public required DeclaredRegistry Declared { get; init; }

    /// <summary>What goes up and where, or null.</summary>
    public required UpstreamOptions? Upstream { get; init; }

    /// <summary>The bridges to other MQTT brokers.</summary>
    public required IReadOnlyList<BridgeConfiguration> Bridges { get; init; }

    /// <summary>What is written down.</summary>
    public required LogConfiguration Log { get; init; }

    /// <summary>The files it was read from.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What was written, by key, so that a later configuration can be compared with it. Holds secrets: not to be shown.</summary>
    public required IReadOnlyDictionary<string, string> Written { get; init; }

    /// <summary>What is in force, defaults included and secrets left out, for people. Not to be changed.</summary>
    public required JsonObject Description { get; init; }

    /// <summary>Reads and checks everything.</summary>
    public static ConfigurationResult Load(ConfigurationSources sources)
    {
        var faults = new List<ConfigurationFault>();
        var written = sources.Read(faults);
        var values = KnownSettings.Schema.Read(written, SettingPath.Root, faults);
        ConfigurationRules.Check(values, sources.Clock, faults);
        return faults.Count > 0
            ? new ConfigurationResult(null, faults)
            : new ConfigurationResult(
                SettingMapping.Map(values, sources.Files(faults), written, sources.Environment), []);
    }

    /// <summary>Where the data are. What else may be wrong with the configuration is not looked at: who restores a backup or makes one may have a broken one.</summary>
    public static string StorageDirectory(ConfigurationSources sources)
    {
        var faults = new List<ConfigurationFault>();
        return Path.GetFullPath(KnownSettings.Schema.Read(sources.Read(faults), SettingPath.Root, faults).Get(StorageSettings.Path));
    }

    /// <summary>Where HTTP listens, as far as this machine is concerned; null where it does not. What else may be wrong with the configuration is not looked at.</summary>
    public static Uri? LocalAddress(ConfigurationSources sources)
    {
        var faults = new List<ConfigurationFault>();
        var values = KnownSettings.Schema.Read(sources.Read(faults), SettingPath.Root, faults);
        var host = values.Get(ServerSettings.Host);
        if (!values.Get(ServerSettings.HttpEnabled)) return null;

        var address = host.Equals(IPAddress.Any) ? IPAddress.Loopback : host.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : host;
        return new UriBuilder(Uri.UriSchemeHttp, address.ToString(), values.Get(ServerSettings.Port)).Uri;
    }
}
