using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Configuration.Trees;
using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Provisioning;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Definitions;
using Kuzzle.Edge.Listeners;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Protocols.Drogue;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.KuzzleLegacy;
using Kuzzle.Edge.Protocols.KuzzleV2;
using Kuzzle.Edge.Protocols.WebSocket;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sync;

namespace Kuzzle.Edge.Configuration;

/// <summary>Puts checked settings into the terms of the parts. Ranges were checked before, so an exception here is a fault of the schema.</summary>
internal static class SettingMapping
{
    /// <summary>The configuration that the settings are.</summary>
    public static EdgeConfiguration Map(
        SettingValues values, IReadOnlyList<string> files, SettingObject written, IReadOnlyDictionary<string, string> environment)
    {
        var isDevelopment = RuntimeEnvironment.IsDevelopment(environment);
        var upstream = UpstreamMapping.Map(values.Find(UpstreamSettings.Kuzzle), RuntimeEnvironment.CredentialsOf(environment));
        var description = EffectiveConfiguration.Describe(written, KnownSettings.Schema);
        return new EdgeConfiguration
        {
            Api = Api(values, isDevelopment),
            Http = Http(values),
            Broker = Broker(values),
            KuzzleMqtt = KuzzleMqtt(values, isDevelopment),
            Drogue = Drogue(values),
            MqttListeners = values.Get(MqttSettings.Enabled) ? Listeners(values) : [],
            MqttAccess = Access(values),
            MqttWebSocket = values.Get(MqttSettings.Enabled) ? WebSocket(values.Find(MqttSettings.WebSocket)) : null,
            Storage = Storage(values, upstream),
            BrokerStorage = BrokerStorage(values),
            Sensors = Sensors(values, description),
            IsClockTrusted = values.Get(SensorSettings.ClockTrusted),
            Registry = RegistrySettings.Options(values),
            Declared = new DeclaredRegistry(values.Get(RegistrySettings.Applications), values.Get(RegistrySettings.Devices)),
            Upstream = upstream,
            Bridges = BridgeMapping.Map(values, written.Flatten(), RuntimeEnvironment.CredentialsOf(environment)),
            Log = new LogConfiguration(
                values.Get(LogSettings.Level), values.Find(LogSettings.File), values.Get(LogSettings.MaxFileSize), values.Get(LogSettings.MaxFiles)),
            Files = files,
            Written = written.Flatten(),
            Description = description,
        };
    }

    private static ApiOptions Api(SettingValues values, bool isDevelopment) => new()
    {
        IsDevelopment = isDevelopment,
        NodeName = Environment.MachineName,
        Version = ProductVersion.Text,
        FreshRights = values.Get(SecuritySettings.FreshRights),
        Security = SecuritySettings.OptionsOf(values),
        Limits = new ApiLimits
        {
            ConcurrentRequests = values.Get(LimitSettings.ConcurrentRequests),
            LoginsPerSecond = values.Get(LimitSettings.LoginsPerSecond),
            RequestsBufferSize = values.Get(LimitSettings.RequestsBufferSize),
            DocumentsFetchCount = values.Get(LimitSettings.DocumentsFetchCount),
            DocumentsWriteCount = values.Get(LimitSettings.DocumentsWriteCount),
            SubscriptionConditionsCount = values.Get(LimitSettings.SubscriptionConditionsCount),
            SubscriptionRooms = values.Get(LimitSettings.SubscriptionRooms),
            SubscriptionDocumentTtl = values.Get(LimitSettings.SubscriptionDocumentTtl),
            SubscriptionsPerConnection = values.Get(LimitSettings.SubscriptionsPerConnection),
            RequestsPerSecond = values.Get(LimitSettings.RequestsPerSecond),
            RequestsBufferWarningThreshold = values.Get(LimitSettings.RequestsBufferWarningThreshold),
            MemoryStorageBytes = values.Get(LimitSettings.MemoryStorageSize),
        },
        Statistics = new StatisticsOptions
        {
            Enabled = values.Get(StatisticsSettings.Enabled),
            TimeToLive = TimeSpan.FromSeconds(values.Get(StatisticsSettings.TimeToLive)),
            Interval = TimeSpan.FromSeconds(values.Get(StatisticsSettings.Interval)),
        },
    };

    private static HttpOptions Http(SettingValues values) => new()
    {
        Address = values.Get(ServerSettings.Host),
        Port = values.Get(ServerSettings.Port),
        Enabled = values.Get(ServerSettings.HttpEnabled),
        MaxRequestBytes = (int)values.Get(ServerSettings.MaxRequestSize),
        MaxImportBytes = values.Get(ServerSettings.MaxImportSize),
        MaxConnections = values.Get(ServerSettings.MaxConnections),
        AllowedOrigins = values.Get(ServerSettings.AllowedOrigins),
        WebSocket = new KuzzleWebSocketOptions
        {
            Enabled = values.Get(ServerSettings.WebSocketEnabled),
            IdleTimeout = values.Get(ServerSettings.WebSocketIdleTimeout),
            RateLimit = values.Get(ServerSettings.WebSocketRateLimit),
        },
    };

    private static MqttBrokerOptions Broker(SettingValues values) => new()
    {
        Id = values.Find(MqttSettings.SysId) ?? new MqttBrokerOptions().Id,
        SysTopics = values.Get(MqttSettings.SysTopics),
        StatisticsInterval = values.Get(MqttSettings.StatisticsInterval),
        HeartbeatInterval = values.Get(MqttSettings.HeartbeatInterval),
        MaxConnections = values.Get(MqttSettings.MaxConnections),
        MaxConnecting = values.Get(MqttSettings.MaxConnecting),
        MaxConnectBytes = (int)values.Get(MqttSettings.MaxConnectSize),
        LingerTimeout = values.Get(MqttSettings.LingerTimeout),
        ReceiveMaximum = values.Get(MqttSettings.ReceiveMaximum),
        TopicAliasMaximum = values.Get(MqttSettings.TopicAliasMaximum),
        MaxTopicAliasesToClient = values.Get(MqttSettings.MaxTopicAliasesToClient),
        ResponseInformation = values.Find(MqttSettings.ResponseInformation),
        MaxPendingOutputBytes = (int)values.Get(MqttSettings.MaxPendingOutput),
        ConnectTimeout = values.Get(MqttSettings.ConnectTimeout),
        MaxKeepAliveSeconds = values.Get(MqttSettings.MaxKeepAlive),
        MaxPacketBytes = MaxPacketBytes(values),
        MaxInFlight = values.Get(MqttSettings.MaxInFlight),
        MaxQueuedMessages = values.Get(MqttSettings.MaxQueuedMessages),
        MaxQueuedBytes = values.Get(MqttSettings.MaxQueuedBytes),
        MaxTotalQueuedBytes = values.Get(MqttSettings.MaxTotalQueuedBytes),
        MaxRetainedMessages = values.Get(MqttSettings.MaxRetainedMessages),
        MaxRetainedBytes = values.Get(MqttSettings.MaxRetainedBytes),
        MaxSessions = values.Get(MqttSettings.MaxSessions),
        MaxSessionExpirySeconds = (uint)values.Get(MqttSettings.MaxSessionExpiry),
        MaxSubscriptionsPerSession = values.Get(MqttSettings.MaxSubscriptions),
        MaxTopicLevels = values.Get(MqttSettings.MaxTopicLevels),
    };

    /// <summary>
    /// A request that is a little too large shall get Kuzzle's error, not a closed connection; so a packet may be twice as large as a request, unless
    /// somebody has said how large.
    /// </summary>
    private static int MaxPacketBytes(SettingValues values)
    {
        var packet = values.Get(MqttSettings.MaxPacketSize);
        return (int)(values.IsWritten(MqttSettings.MaxPacketSize)
            ? packet
            : Math.Clamp(2 * values.Get(ServerSettings.MaxRequestSize), packet, 268_435_460));
    }

    private static KuzzleMqttOptions KuzzleMqtt(SettingValues values, bool isDevelopment) => new()
    {
        RequestTopic = values.Get(MqttSettings.RequestTopic),
        ResponseTopic = values.Get(MqttSettings.ResponseTopic),
        AllowPubSub = values.Get(MqttSettings.AllowPubSub),
        ShareChannels = values.Get(MqttSettings.ShareChannels),
        IgnoreCredentials = values.Get(MqttSettings.IgnoreCredentials),
        DevelopmentMode = values.Get(MqttSettings.DevelopmentMode),
        DevelopmentEnvironment = isDevelopment,
        DisconnectDelay = values.Get(MqttSettings.DisconnectDelay),
        RealtimeNotifications = values.Get(MqttSettings.RealtimeNotifications),
        MaxRequestBytes = (int)values.Get(ServerSettings.MaxRequestSize),
        Legacy = values.Get(MqttSettings.LegacyEnabled)
            ? new KuzzleLegacyOptions { Index = values.Get(MqttSettings.LegacyIndex), User = values.Get(MqttSettings.LegacyUser) }
            : null,
    };

    private static DrogueOptions Drogue(SettingValues values) => new()
    {
        RejectV311 = values.Get(DrogueSettings.RejectV311),
        Limits = new DialectLimits { MaxPacketBytes = (int)values.Get(DrogueSettings.MaxPacketSize), ConnectTimeout = values.Get(DrogueSettings.ConnectTimeout) },
        CommandBuffer = values.Get(DrogueSettings.CommandBuffer),
    };

    private static IReadOnlyList<MqttListener> Listeners(SettingValues values)
    {
        var maxConnections = values.Get(MqttSettings.MaxConnections);
        return
        [
            new MqttListener(
                new IPEndPoint(values.Get(MqttSettings.Host), values.Get(MqttSettings.Port)),
                ListenerProfile.Kuzzle,
                Access: null,
                new TcpListenerOptions { MaxConnections = maxConnections, MaxConnectionsPerSecond = values.Get(MqttSettings.MaxConnectionsPerSecond) },
                Tls: null),
            .. values.Get(MqttSettings.Listeners).Select(listener => new MqttListener(
                EndPoint(listener),
                listener.Get(ListenerSettings.Profile),
                AccessOf(listener),
                new TcpListenerOptions
                {
                    MaxConnections = maxConnections,
                    MaxConnectionsPerSecond = listener.Get(ListenerSettings.MaxConnectionsPerSecond),
                    SocketMode = listener.Get(ListenerSettings.Mode),
                },
                listener.Find(ListenerSettings.Tls) is { } tls ? Tls(tls, listener.Get(ListenerSettings.Profile)) : null)),
        ];
    }

    private static EndPoint EndPoint(SettingValues listener) => listener.Find(ListenerSettings.Path) is { } path
        ? new UnixDomainSocketEndPoint(path)
        : new IPEndPoint(listener.Get(ListenerSettings.Host), listener.Get(ListenerSettings.Port));

    private static MqttWebSocketListener? WebSocket(SettingValues? listener) =>
        listener is null ? new MqttWebSocketListener(ListenerProfile.Kuzzle, Access: null)
        : listener.Get(MqttSettings.WebSocketEnabled) ? new MqttWebSocketListener(listener.Get(ListenerSettings.Profile), AccessOf(listener))
        : null;

    /// <summary>The TLS of a listener.</summary>
    internal static TlsOptions Tls(SettingValues tls, ListenerProfile profile) => new()
    {
        Certificate = FullPath(tls.Find(TlsSettings.Certificate)),
        Key = FullPath(tls.Find(TlsSettings.Key)),
        KeyPassword = tls.Find(TlsSettings.KeyPassword),
        Pfx = FullPath(tls.Find(TlsSettings.Pfx)),
        PfxPassword = tls.Find(TlsSettings.PfxPassword),
        ClientCertificates = profile == ListenerProfile.Drogue && !tls.IsWritten(TlsSettings.Clients) ? ClientCertificates.Unverified : tls.Get(TlsSettings.Clients),
        Trust = FullPath(tls.Find(TlsSettings.Trust)),
        Psk = FullPath(tls.Find(TlsSettings.Psk)),
    };

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private static ListenerAccess? AccessOf(SettingValues listener) => listener.Get(ListenerSettings.Profile) == ListenerProfile.Open ? ListenerAccess(listener) : null;

    private static ListenerAccess ListenerAccess(SettingValues listener) => new(
        listener.Get(ListenerSettings.AllowAnonymous) ? AnonymousAccess.Allowed : AnonymousAccess.Refused,
        listener.Get(ListenerSettings.Authentication),
        listener.Get(ListenerSettings.CertificateName),
        listener.Find(ListenerSettings.Acl),
        listener.Get(ListenerSettings.UseUserNameAsClientId),
        listener.Get(ListenerSettings.ClientIdPrefixes));

    private static MqttAccess Access(SettingValues values) => new(
        values.Get(AccessSettings.Users).ToDictionary(
            user => user.Key,
            user => new AccessUser(user.Key, user.Value.Find(AccessSettings.Password), user.Value.Get(AccessSettings.Disabled)),
            StringComparer.Ordinal),
        [
            .. values.Get(AccessSettings.Acl).Select(rule => new AccessRule(rule.Key, rule.Value.Get(AccessSettings.For))
            {
                Read = [.. rule.Value.Get(AccessSettings.Read), .. rule.Value.Get(AccessSettings.ReadWrite)],
                Write = [.. rule.Value.Get(AccessSettings.Write), .. rule.Value.Get(AccessSettings.ReadWrite)],
                Deny = rule.Value.Get(AccessSettings.Deny),
            }),
        ]);

    private static SqliteBrokerStoreOptions? BrokerStorage(SettingValues values) => !values.Get(MqttSettings.Enabled) || !values.Get(MqttSettings.Persistence)
        ? null
        : new SqliteBrokerStoreOptions
        {
            Directory = Path.GetFullPath(values.Get(StorageSettings.Path)),
            Durability = values.Get(StorageSettings.Durability),
        };

    private static SqliteStoreOptions Storage(SettingValues values, UpstreamOptions? upstream) => new()
    {
        Directory = Path.GetFullPath(values.Get(StorageSettings.Path)),
        Durability = values.Get(StorageSettings.Durability),
        WriteQueueCapacity = values.Get(StorageSettings.WriteQueue),
        ReadQueueCapacity = values.Get(StorageSettings.ReadQueue),
        SearchThreads = values.Get(StorageSettings.SearchThreads),
        SearchTimeLimit = values.Get(StorageSettings.SearchTimeLimit),
        CacheKiB = (int)(values.Get(StorageSettings.Cache) / 1024),
        DiskReserve = values.Get(StorageSettings.DiskReserve),
        RouteOf = upstream is null ? static _ => UpstreamRoute.None : upstream.Rules.RouteOf,
        DeadLetters = upstream?.DeadLetters,
        Outbox = new OutboxBounds
        {
            MaxEntries = values.Get(UpstreamSettings.OutboxEntries),
            MaxBytes = values.Get(UpstreamSettings.OutboxBytes),
            WhenFull = values.Get(UpstreamSettings.WhenFull),
        },
    };

    private static SensorServiceOptions Sensors(SettingValues values, JsonObject description)
    {
        var written = description[SensorSettings.Sensors.Key] as JsonArray ?? [];
        return new SensorServiceOptions
        {
            Sensors = [.. values.Get(SensorSettings.Sensors).Select((sensor, index) => new SensorDefinition(SensorRules.Map(sensor), written[index]!.DeepClone().AsObject()))],
            HomeAssistant = values.Get(SensorSettings.HomeAssistantEnabled)
                ? new HomeAssistantOptions
                {
                    Prefix = values.Get(SensorSettings.HomeAssistantPrefix),
                    GatewayId = values.Find(SensorSettings.HomeAssistantId) ?? DiscoveryIdOf(Environment.MachineName),
                    Version = ProductVersion.Text,
                }
                : null,
        };
    }

    private static string DiscoveryIdOf(string machine) => string.Concat(machine.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' ? letter : '_'));
}
