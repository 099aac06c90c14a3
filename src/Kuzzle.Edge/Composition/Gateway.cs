using System.Net.Sockets;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Devices;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Health;
using Kuzzle.Edge.Listeners;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Protocols.Drogue;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.KuzzleV2;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Protocols.WebSocket;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sync;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Retention;
using Kuzzle.Edge.Systemd;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Composition;

/// <summary>All parts, put together: started from the store upwards, stopped from the listeners downwards.</summary>
internal sealed partial class Gateway : IAsyncDisposable
{
    /// <summary>systemd and the operator are promised an end within five seconds; the rest is for the runtime's own.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4.5);

    /// <summary>How long requests under way may take at the end, of the above: the store needs the rest to finish what was handed to it.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2.5);

    private readonly EdgeConfiguration _configuration;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SqliteDocumentStore _store;
    private readonly IBrokerStore _brokerStore;
    private readonly KuzzleApi _api;
    private readonly MqttBroker _broker;
    private readonly BrokerProbe _brokerProbe;
    private readonly KuzzleProfile _kuzzleProfile;
    private readonly HttpEndpoint _http;
    private readonly ListenerMetrics _listenerMetrics = new();
    private readonly IReadOnlyList<RenewedHandshake?> _tls;
    private readonly TlsRenewal _tlsRenewal;
    private readonly PasswordGate _passwords;
    private readonly IReadOnlyList<OpenProfile?> _openProfiles;
    private readonly IReadOnlyList<TcpListenerTransport> _mqttPorts;
    private readonly Board _board = new(new BoardPaths());
    private readonly EdgeDevices _devices;
    private readonly DrogueProfile _drogueProfile;
    private readonly SensorService _sensors;
    private readonly IWallClock _wall;
    private readonly GatewayConditions _conditions;
    private readonly ILoggerFactory _loggers;
    private readonly LinkMemory _linkMemory;
    private readonly BridgeSet _bridges;
    private readonly SyncControl _sync;
    private UpstreamLink? _link;
    private UploadRetention? _uploadRetention;

    /// <summary>Puts the parts together around an open store. Opens nothing else yet.</summary>
    private Gateway(
        EdgeConfiguration configuration,
        IAppliance appliance,
        IReadOnlyList<RenewedHandshake?> tls,
        DeviceKeys keys,
        ReadOnlyMemory<byte> declarationKey,
        InheritedSockets inherited,
        SqliteDocumentStore store,
        IBrokerStore brokerStore,
        ILoggerFactory loggers,
        TimeProvider clock)
    {
        _tls = tls;
        _tlsRenewal = new TlsRenewal([.. tls.OfType<RenewedHandshake>()], clock);
        _configuration = configuration;
        _clock = clock;
        _loggers = loggers;
        _logger = loggers.CreateLogger<Gateway>();
        _store = store;
        _brokerStore = brokerStore;
        _api = new KuzzleApi(configuration.Api, store, clock, loggers, appliance);
        _broker = new MqttBroker(configuration.Broker, brokerStore, clock, loggers);
        _brokerProbe = new BrokerProbe(_broker);
        _wall = configuration.IsClockTrusted ? new TrustedWallClock() : new KernelWallClock(clock);
        _conditions = new GatewayConditions(store, _broker, _api, _wall, clock, Path.GetFullPath(configuration.Storage.Directory));

        var liveChannels = new LiveChannels();
        _kuzzleProfile = new KuzzleProfile(configuration.KuzzleMqtt, _api, _broker, liveChannels, clock, loggers);
        _devices = new EdgeDevices(_api, configuration.Registry with { DeclarationKey = declarationKey }, _wall, clock, loggers);
        keys.Registry = _devices.Registry;
        _drogueProfile = new DrogueProfile(configuration.Drogue, _devices.Registry, _devices.Events, _devices.Sessions, clock, loggers);
        _passwords = new PasswordGate(clock);
        _openProfiles = [.. configuration.MqttListeners.Select(listener => OpenProfileOf(listener.Access, loggers))];
        _mqttPorts =
        [
            .. configuration.MqttListeners.Select((listener, index) =>
                PortOf(listener, ProfileOf(listener.Profile, _openProfiles[index]), tls[index], inherited.Take(listener.EndPoint), loggers)),
        ];
        var webSocket = configuration.MqttWebSocket is { } rules ? new MqttOverWebSocket(_broker, ProfileOf(rules.Profile, OpenProfileOf(rules.Access, loggers))) : null;
        _http = new HttpEndpoint(configuration.Http, _api, liveChannels, webSocket, clock, loggers);
        _sensors = SensorsOf(configuration, loggers, clock);
        var uplink = new DrogueUplink(_broker, _api, clock);
        _devices.UseRelay(uplink);
        _bridges = new BridgeSet(_broker, uplink, configuration.Api.NodeName, clock, loggers);
        _linkMemory = new LinkMemory(store);
        _sync = new SyncControl(_bridges, _linkMemory, clock);
        if (configuration.Upstream is { } upstream)
        {
            UseLink(upstream);
        }
        else if (configuration.Bridges.Count > 0)
        {
            _api.UseLink(_sync);
        }
    }

    /// <summary>What must answer for the gateway to be alive.</summary>
    public IReadOnlyList<HealthCheck> HealthChecks =>
    [
        // Goes through the writer's queue and its transaction, without a write to the disk while the disk is well.
        new HealthCheck("the store's writer", _store.ProbeWriterAsync),
        new HealthCheck("the store's reader", async cancellationToken => await _store.Outbox.FindUrgencyAsync(cancellationToken)),
        new HealthCheck("the broker", _brokerProbe.AnswerAsync),
        new HealthCheck("the sensors", _sensors.ProbeAsync),
    ];

    /// <summary>The broker, for what the gateway itself publishes.</summary>
    public MqttBroker Broker => _broker;

    /// <summary>Tries the disk, where a write has failed before; see <see cref="SqliteDocumentStore.ProbeWriterAsync"/>.</summary>
    public Task ProbeStorageAsync(CancellationToken cancellationToken) => _store.Fault is null ? Task.CompletedTask : _store.ProbeWriterAsync(cancellationToken);

    /// <summary>What is wrong now.</summary>
    public IEnumerable<FoundCondition> FindConditions() => _conditions.Find();

    /// <summary>Where it can be reached, as one line for people.</summary>
    public string Summary
    {
        get
        {
            var mqtt = _mqttPorts.Select((port, index) => $"{(_tls[index] is null ? "MQTT" : "MQTT with TLS")} {port.EndPoint} ({NameOf(_configuration.MqttListeners[index])})");
            return string.Join(", ", [.. mqtt, $"HTTP and WebSocket {_http.EndPoint}"]);
        }
    }

    /// <summary>
    /// Starts everything; null when somebody cancelled it. When a part cannot start, those before it are stopped again and its exception is thrown.
    /// </summary>
    public static async Task<Gateway?> StartAsync(
        EdgeConfiguration configuration, IAppliance appliance, InheritedSockets inherited, ILoggerFactory loggers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var keys = new DeviceKeys();
        var tls = TlsOf(configuration, keys, loggers, clock);
        var (store, brokerStore) = await OpenStoresAsync(configuration, loggers, clock);
        var declarationKey = DeclarationKey.In(configuration.Storage.Directory, loggers.CreateLogger(typeof(DeclarationKey)));
        var gateway = new Gateway(configuration, appliance, tls, keys, declarationKey, inherited, store, brokerStore, loggers, clock);
        try
        {
            await gateway.OpenAsync(cancellationToken);
            return gateway;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await gateway.DisposeAsync();
            return null;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the stores and closes them again: throws what a start would throw for their sake.</summary>
    public static async Task ProbeStoresAsync(EdgeConfiguration configuration, ILoggerFactory loggers, TimeProvider clock)
    {
        var (store, brokerStore) = await OpenStoresAsync(configuration, loggers, clock);
        await brokerStore.DisposeAsync();
        await store.DisposeAsync();
    }

    /// <summary>Puts what a configuration says about users and their rights in force, for clients that are connected, too. Its listeners are those of the start.</summary>
    public void ChangeAccess(EdgeConfiguration configuration)
    {
        for (var i = 0; i < _openProfiles.Count; i++)
        {
            if (configuration.MqttListeners[i].Access is { } access) _openProfiles[i]?.Change(configuration.MqttAccess.PolicyOf(access));
        }
    }

    /// <summary>Goes on with another link and its rules: what waits for the upstream is in the store, and what one has not delivered, the next one does.</summary>
    public async Task ChangeUpstreamAsync(UpstreamOptions upstream)
    {
        if (_link is { } before) await before.DisposeAsync();
        if (_uploadRetention is { } retention) await retention.DisposeAsync();
        UseLink(upstream);
        StartLink(upstream);
    }

    /// <summary>Runs the bridges that a configuration has; those that have not changed go on.</summary>
    public async Task ChangeBridgesAsync(EdgeConfiguration configuration, CancellationToken cancellationToken)
    {
        if (_link is null && configuration.Bridges.Count > 0) _api.UseLink(_sync);
        await RunBridgesAsync(configuration, cancellationToken);
    }

    /// <summary>Brings the devices that a configuration declares into the registry, and disables those that it declares no longer. What is wrong with them is in the log.</summary>
    public async Task ProvisionAsync(EdgeConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            _ = await _devices.ProvisionAsync(configuration.Declared, cancellationToken);
        }
        catch (DocumentStoreException exception)
        {
            LogNotProvisioned(exception);
        }
    }

    /// <summary>Adds, changes and removes sensors, so that they are those of a configuration; those that are the same in it go on undisturbed.</summary>
    public Task ChangeSensorsAsync(EdgeConfiguration configuration, CancellationToken cancellationToken) => _sensors.ChangeAsync(configuration.Sensors.Sensors, cancellationToken);

    /// <summary>Takes certificates and keys that were renewed; otherwise that happens within seconds by itself.</summary>
    public void RenewTls() => _tlsRenewal.LookNow();

    /// <summary>
    /// Stops in order: nothing new is let in, requests under way are answered, clients are told, and what the store was given is on the disk. Takes at most
    /// <see cref="StopLimit"/>; what is unfinished then was acknowledged to nobody.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        using var drained = new CancellationTokenSource(DrainLimit, _clock);
        using var stopped = new CancellationTokenSource(StopLimit, _clock);
        await StepAsync("the sensors", () => _sensors.StopAsync(drained.Token), drained.Token);
        await StepAsync("accepting connections", () => Task.WhenAll(_mqttPorts.Select(port => port.UnbindAsync())), drained.Token);
        var http = _http.StopAsync(drained.Token); // MQTT over WebSocket ends with the broker, so this is awaited behind it.
        await StepAsync("requests under way", () => Task.WhenAll(_kuzzleProfile.DrainAsync(drained.Token), _http.WhenAnsweredAsync(drained.Token)), drained.Token);
        await StepAsync("the upstream link", () => _link?.StopAsync() ?? Task.CompletedTask, stopped.Token);
        await StepAsync("the retention of uploaded documents", () => _uploadRetention?.StopAsync() ?? Task.CompletedTask, stopped.Token);
        await StepAsync("the bridges", _bridges.StopAsync, stopped.Token);
        await StepAsync("the broker", () => _broker.StopAsync(stopped.Token), stopped.Token);
        await StepAsync("the MQTT connections", () => Task.WhenAll(_mqttPorts.Select(port => port.StopAsync(stopped.Token))), stopped.Token);
        await StepAsync("the HTTP connections", () => http, stopped.Token);
        await StepAsync("the broker's store", () => _brokerStore.DisposeAsync().AsTask(), stopped.Token);
        await StepAsync("the clients' rooms", () => _kuzzleProfile.StopAsync(stopped.Token), stopped.Token);
        await StepAsync("what devices did", () => _drogueProfile.StopAsync(stopped.Token), stopped.Token);
        await StepAsync("the devices", _devices.StopAsync, stopped.Token);
        await StepAsync("the API", () => _api.StopAsync(stopped.Token), stopped.Token);
        await StepAsync("the store", () => _store.DisposeAsync().AsTask(), stopped.Token);
        await _http.DisposeAsync();
        if (!stopped.IsCancellationRequested)
        {
            foreach (var port in _mqttPorts) await port.DisposeAsync();
            await _tlsRenewal.DisposeAsync();
            _listenerMetrics.Dispose();
            await _brokerProbe.DisposeAsync();
            await _broker.DisposeAsync();
            _passwords.Dispose();
            await _sensors.DisposeAsync();
            _board.Dispose();
            await _devices.DisposeAsync();
            _api.Dispose();
            if (_link is not null) await _link.DisposeAsync();
            if (_uploadRetention is not null) await _uploadRetention.DisposeAsync();
            await _bridges.DisposeAsync();
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        LogStorage(_configuration.Storage.Directory, _configuration.Storage.Durability, SqliteEngine.Version);
        await _api.OpenAsync(cancellationToken);
        _ = await _devices.OpenAsync(_configuration.Declared, cancellationToken); // What is wrong with what is declared is in the log.
        await (_link?.PutRulesInForceAsync(cancellationToken) ?? _linkMemory.ForgetRulesAsync(cancellationToken)); // Before anybody can write.
        await _broker.StartAsync(cancellationToken);
        await _brokerProbe.StartAsync(cancellationToken);
        await RunBridgesAsync(_configuration, cancellationToken); // Before anybody can publish: their queues have bounds of their own.
        foreach (var port in _mqttPorts) port.Start();
        _tlsRenewal.Start();
        await _http.StartAsync(cancellationToken);
        await _sensors.StartAsync(cancellationToken);
        foreach (var sensor in _sensors.States) LogSensor(sensor.Name, sensor.Source);
        if (_configuration.Upstream is { } upstream) StartLink(upstream);
    }

    private static async Task<(SqliteDocumentStore Documents, IBrokerStore Messages)> OpenStoresAsync(EdgeConfiguration configuration, ILoggerFactory loggers, TimeProvider clock)
    {
        var store = SqliteDocumentStore.Open(configuration.Storage, clock, loggers);
        try
        {
            return (store, configuration.BrokerStorage is { } storage ? SqliteBrokerStore.Open(storage, loggers) : new MemoryBrokerStore());
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>One for each listener; null for one in the clear. Files that are of no use are a fault of the configuration.</summary>
    private static IReadOnlyList<RenewedHandshake?> TlsOf(EdgeConfiguration configuration, DeviceKeys keys, ILoggerFactory loggers, TimeProvider clock) =>
    [
        .. configuration.MqttListeners.Select(listener => listener.Tls is { } tls ? new RenewedHandshake(tls, listener.Profile == ListenerProfile.Drogue ? [keys] : [], clock, loggers.CreateLogger<RenewedHandshake>()) : null),
    ];

    private void UseLink(UpstreamOptions upstream)
    {
        _uploadRetention = new UploadRetention(upstream, _store.Outbox, _api.Documents, _store, _clock, _loggers);
        _link = new UpstreamLink(upstream, _store.Outbox, _store, _api, _clock, _loggers, _link);
        _sync.Link = _link;
        _api.UseLink(_sync, _link.Messages);
    }

    private void StartLink(UpstreamOptions upstream)
    {
        var line = $"{string.Join(", ", upstream.Rules.All.Select(rule => rule.Match))} to {upstream.Url.WithoutCredentials()}";
        LogUpstream(line);
        _link?.Start();
        _uploadRetention?.Start();
    }

    /// <summary>A pause is the bridges', too, and outlives the process.</summary>
    private async Task RunBridgesAsync(EdgeConfiguration configuration, CancellationToken cancellationToken)
    {
        await _bridges.RunAsync(configuration.Bridges, cancellationToken);
        if (!_bridges.IsEmpty && await _linkMemory.FindPauseAsync(cancellationToken) is not null) _bridges.Pause();
    }

    private SensorService SensorsOf(EdgeConfiguration configuration, ILoggerFactory loggers, TimeProvider clock) => new(
        configuration.Sensors,
        new SensorNeighbours
        {
            Api = _api,
            Topics = new BrokerTopics(_broker),
            Wall = _wall,
            ReadDefinition = SensorRules.Read,
            Devices = _devices.Local,
            Board = new SensorBoard { Hardware = _board },
        },
        clock,
        loggers);

    private IListenerProfile ProfileOf(ListenerProfile profile, OpenProfile? open) => profile switch
    {
        ListenerProfile.Kuzzle => _kuzzleProfile,
        ListenerProfile.Drogue => _drogueProfile,
        _ => open!,
    };

    private OpenProfile? OpenProfileOf(ListenerAccess? access, ILoggerFactory loggers) =>
        access is null ? null : new OpenProfile(_configuration.MqttAccess.PolicyOf(access), _passwords, [], loggers.CreateLogger<OpenProfile>());

    private TcpListenerTransport PortOf(MqttListener listener, IListenerProfile profile, ITlsHandshake? tls, Socket? inherited, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<TcpListenerTransport>();
        var plain = listener.EndPoint is UnixDomainSocketEndPoint ? MqttTransport.Unix : MqttTransport.Tcp;
        return new TcpListenerTransport(
            listener.EndPoint,
            tls is null
                ? (pipes, remote, cancellationToken) => _broker.ServeAsync(pipes, new MqttPeer(plain, remote), profile, cancellationToken)
                : (pipes, remote, cancellationToken) => ServeTlsAsync(new TlsTransport(pipes, remote, tls, _listenerMetrics, _clock, logger), profile, cancellationToken),
            listener.Bounds,
            _listenerMetrics,
            _clock,
            logger,
            inherited);
    }

    private async Task ServeTlsAsync(TlsTransport transport, IListenerProfile profile, CancellationToken cancellationToken)
    {
        await using (transport)
        {
            var serving = _broker.ServeAsync(transport, profile, cancellationToken);
            if (!serving.IsCompleted) transport.Start(); // Else the broker has turned it away, and a handshake would be work for nothing.
            await serving;
        }
    }

    private static string NameOf(MqttListener listener) => listener.Profile switch
    {
        ListenerProfile.Kuzzle => "kuzzle",
        ListenerProfile.Drogue => "drogue",
        _ => "open",
    };

    /// <summary>One step of stopping: a step that fails or takes too long is named, and the next ones follow nevertheless.</summary>
    private async Task StepAsync(string name, Func<Task> step, CancellationToken limit)
    {
        try
        {
            await step().WaitAsync(limit);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            LogCutShort(name);
        }
        catch (Exception exception)
        {
            LogStepFailed(name, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Documents are in {Directory} (durability {Durability}), SQLite {Version}")]
    private partial void LogStorage(string directory, StorageDurability durability, Version version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sensor {Name} reads {Source}")]
    private partial void LogSensor(string name, string source);

    [LoggerMessage(Level = LogLevel.Information, Message = "Upstream: {Upstream}")]
    private partial void LogUpstream(string upstream);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store does not answer: not all devices are as the configuration declares them; SIGHUP or the next start tries again")]
    private partial void LogNotProvisioned(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping: {Step} took too long and was cut short")]
    private partial void LogCutShort(string step);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stopping: {Step} failed")]
    private partial void LogStepFailed(string step, Exception exception);
}
