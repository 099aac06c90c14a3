using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>Every key there is. The table in docs/configuration.md is made from it.</summary>
internal static class KnownSettings
{
    private const string NoElasticsearch = "has no meaning here: documents are kept on this machine's disk; see storage.path";
    private const string NoRedis = "has no meaning here: there is no Redis; what it held is in this process";
    private const string NotYet = "is known to Kuzzle, but this version does not act on it yet; take it out";
    private const string NoPlugins = "has no meaning here: Kuzzle's plugins are JavaScript programs and cannot run in this one";
    private const string OneAlgorithm = "cannot be changed here: tokens are signed with HS256, which is Kuzzle's default";
    private const string OwnLogs = "has no meaning here: see log.level and log.file";

    /// <summary>The whole configuration.</summary>
    public static SettingSchema Schema { get; } = new(
        [
            .. ServerSettings.All, .. MqttSettings.All, .. DrogueSettings.All, .. AccessSettings.All, .. LimitSettings.All, .. SecuritySettings.All, .. StorageSettings.All,
            .. SensorSettings.All, .. RegistrySettings.All, .. UpstreamSettings.All, .. BridgeSettings.All, .. StatisticsSettings.All,
            .. LogSettings.All,
        ],
        [
            new ForeignKey("services.storageEngine.client", NoElasticsearch),
            new ForeignKey("services.storageEngine.backend", NoElasticsearch),
            new ForeignKey("services.storageEngine.aliases", NoElasticsearch),
            new ForeignKey("services.storageEngine.defaults", NotYet),
            new ForeignKey("services.storageEngine.commonMapping", NotYet),
            new ForeignKey("services.storageEngine.internalIndex", NoElasticsearch),
            new ForeignKey("services.storageEngine.maxScrollDuration", NotYet),
            new ForeignKey("services.internalCache", NoRedis),
            new ForeignKey("services.memoryStorage", NoRedis),
            new ForeignKey("services.common", NotYet),
            new ForeignKey("plugins", NoPlugins),
            new ForeignKey("controllers", NoPlugins),
            new ForeignKey("application", NoPlugins),
            new ForeignKey("cluster", "has no meaning here: a gateway is one process; its partner is the one named by upstream.kuzzle.url"),
            new ForeignKey("dump", NotYet),
            new ForeignKey("deprecationHeaders", NotYet),
            new ForeignKey("internal", NotYet),
            new ForeignKey("realtime", "is not needed here: filters with regular expressions have one engine only"),
            new ForeignKey("security.authToken.algorithm", OneAlgorithm),
            new ForeignKey("security.jwt.algorithm", OneAlgorithm),
            new ForeignKey("security.default", "has no meaning here: what the default roles of a fresh box allow is said by security.freshRights"),
            new ForeignKey("security.standard", "cannot be changed here: the restricted default roles are Kuzzle's; change them once they are there, by security:updateRole or admin:loadSecurities"),
            new ForeignKey("limits.subscriptionMinterms", "has had no effect in Kuzzle since its filters are bounded by limits.subscriptionConditionsCount; write that instead"),
            new ForeignKey("server.logs", OwnLogs),
            new ForeignKey("server.entryPoints", "is a key of old Kuzzle versions; write server.port and server.protocols"),
            new ForeignKey("server.strictSdkVersion", NotYet),
            new ForeignKey("server.maxFormFileSize", NotYet),
            new ForeignKey("server.protocols.http.additionalContentTypes", NotYet),
            new ForeignKey("server.protocols.http.allowCompression", NotYet),
            new ForeignKey("server.protocols.http.maxEncodingLayers", "cannot be changed here: three layers of encoding are undone, which is Kuzzle's default"),
            new ForeignKey("server.protocols.http.maxFormFileSize", NotYet),
            new ForeignKey("server.protocols.http.opts", NotYet),
            new ForeignKey("server.protocols.websocket.compression", NotYet),
            new ForeignKey("server.protocols.websocket.sendPingsAutomatically", "cannot be changed here: a quiet WebSocket is asked after half of its idleTimeout"),
            new ForeignKey("server.protocols.websocket.opts", NotYet),
            new ForeignKey("server.protocols.websocket.resetIdleTimeoutOnSend", NotYet),
            new ForeignKey("server.protocols.internal", NoPlugins),
            new ForeignKey("http.routes", NotYet),
            new ForeignKey("http.accessControlAllowHeaders", NotYet),
            new ForeignKey("http.accessControlAllowMethods", NotYet),
            new ForeignKey("http.cookieAuthentication", NotYet),
            new ForeignKey("logs", OwnLogs),
            new ForeignKey("validation", NotYet),
        ]);
}
