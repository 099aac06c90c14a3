using System.Text.Json.Nodes;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Connections;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Composition;

/// <summary>The bridges to other brokers, as the configuration has them at the moment.</summary>
/// <param name="broker">The broker of this box.</param>
/// <param name="uplink">The devices of this box, for bridges that speak for them.</param>
/// <param name="node">The name of this box.</param>
/// <param name="clock">Time.</param>
/// <param name="loggers">Where they log.</param>
internal sealed partial class BridgeSet(MqttBroker broker, DrogueUplink uplink, string node, TimeProvider clock, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<BridgeSet>();
    private readonly SemaphoreSlim _changing = new(1);
    private IReadOnlyList<RunningBridge> _running = [];
    private bool _isStopped;

    /// <summary>Whether there is any.</summary>
    public bool IsEmpty => Volatile.Read(ref _running).Count == 0;

    /// <summary>
    /// Runs these bridges and no others; those that have not changed go on. Completes when each has its session here, so that nothing that is published then passes it by. What waits for a
    /// bridge that there is no more is given up.
    /// </summary>
    public async Task RunAsync(IReadOnlyList<BridgeConfiguration> wanted, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_isStopped) return;

            var kept = _running.Where(running => wanted.Any(bridge => bridge.Options.Name == running.Bridge.Name && bridge.Written == running.Written)).ToList();
            foreach (var obsolete in _running.Except(kept))
            {
                await obsolete.Bridge.DisposeAsync();
                if (wanted.All(bridge => bridge.Options.Name != obsolete.Bridge.Name)) obsolete.Home.Withdraw();
                await obsolete.Home.DisposeAsync();
            }

            await ForgetOthersAsync(wanted, cancellationToken);
            var started = wanted.Where(bridge => kept.TrueForAll(running => running.Bridge.Name != bridge.Options.Name)).Select(Start).ToList();
            Volatile.Write(ref _running, [.. kept, .. started]);
            await Task.WhenAll(started.Select(running => running.Bridge.WhenReadyAsync())).WaitAsync(cancellationToken);
            uplink.Applications = wanted.Select(bridge => bridge.Options.Drogue?.Application).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>How they stand.</summary>
    public JsonArray Describe() => new([.. Volatile.Read(ref _running).OrderBy(static running => running.Bridge.Name, StringComparer.Ordinal).Select(static running => running.Bridge.Describe())]);

    /// <summary>Ends their connections until <see cref="Resume"/>.</summary>
    public void Pause() => ForEach(static bridge => bridge.Pause());

    /// <summary>Takes back <see cref="Pause"/>.</summary>
    public void Resume() => ForEach(static bridge => bridge.Resume());

    /// <summary>Those that wait for their next attempt make it now.</summary>
    public void Flush() => ForEach(static bridge => bridge.Flush());

    /// <summary>Ends them all.</summary>
    public async Task StopAsync()
    {
        await _changing.WaitAsync();
        try
        {
            _isStopped = true;
            await Task.WhenAll(_running.Select(static running => running.Bridge.StopAsync()));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>To be called when the broker has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var running in _running)
        {
            await running.Bridge.DisposeAsync();
            await running.Home.DisposeAsync();
        }

        _changing.Dispose();
    }

    private RunningBridge Start(BridgeConfiguration configuration)
    {
        var options = configuration.Options;
        var home = new BridgeHome(broker, uplink, options);
        var bridge = new MqttBridge(options, node, home, new RemoteConnector(options, clock), clock, loggers);
        var url = options.Url.WithoutCredentials();
        LogBridge(options.Name, url);
        bridge.Start();
        return new RunningBridge(bridge, home, configuration.Written);
    }

    /// <summary>Sessions of bridges that there are no more would wait for ever, and fill.</summary>
    private async Task ForgetOthersAsync(IReadOnlyList<BridgeConfiguration> wanted, CancellationToken cancellationToken)
    {
        foreach (var clientId in broker.ListSessions(IdentityKind.Internal).Where(static id => id.StartsWith(MqttBridgeOptions.LocalClientIdPrefix, StringComparison.Ordinal)))
        {
            if (wanted.Any(bridge => bridge.Options.LocalClientId == clientId)) continue;

            LogForgotten(clientId[MqttBridgeOptions.LocalClientIdPrefix.Length..]);
            await using var connector = new InProcessConnector(broker, new InternalProfile(clientId));
            await using var client = await MqttClient.ConnectAsync(
                new MqttClientOptions { ClientId = clientId, CleanStart = true, KeepAlive = TimeSpan.Zero },
                connector,
                new MemoryMqttSession(),
                static (_, _) => new(Task.CompletedTask),
                clock,
                cancellationToken);
        }
    }

    private void ForEach(Action<MqttBridge> action)
    {
        foreach (var running in Volatile.Read(ref _running)) action(running.Bridge);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Bridge {Name}: to {Url}")]
    private partial void LogBridge(string name, string url);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Name} is not configured any more: what waited for its other side is given up")]
    private partial void LogForgotten(string name);

    private sealed record RunningBridge(MqttBridge Bridge, BridgeHome Home, string Written);
}
