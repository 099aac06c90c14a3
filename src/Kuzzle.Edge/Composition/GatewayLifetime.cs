using System.Diagnostics;
using System.Net;
using Kuzzle.Edge.Backups;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.FirstBoot;
using Kuzzle.Edge.Health;
using Kuzzle.Edge.Logging;
using Kuzzle.Edge.Systemd;
using Kuzzle.Edge.Updates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Composition;

/// <summary>From start to end: brings the gateway up, tells the service manager, reads the configuration again when asked, and takes it down.</summary>
internal sealed partial class GatewayLifetime(
    ConfigurationSources sources, EdgeConfiguration configuration, LogOutput output, ServiceManager manager, TimeProvider clock)
{
    private readonly ILogger _logger = output.Loggers.CreateLogger<GatewayLifetime>();
    private readonly HealthFiles _files = new(HealthFiles.FolderOf(sources.Environment), output.Loggers.CreateLogger<HealthFiles>());
    private EdgeConfiguration _current = configuration;

    /// <summary>Returns when the gateway was stopped in order; throws when it could not start.</summary>
    public async Task RunAsync(ProcessSignals signals)
    {
        var files = _current.Files.Count == 0 ? "defaults" : string.Join(", ", _current.Files);
        var runtime = Environment.Version;
        var version = ProductVersion.Text;
        LogStarting(version, runtime, files);
        var startedAt = Stopwatch.GetTimestamp();
        await using var updates = new SystemUpdates(Rauc.Installed(), _current.Storage.Directory, clock, output.Loggers.CreateLogger<SystemUpdates>());
        var backups = new GatewayBackups(() => new BackupScope(_current.Storage.Directory, sources), clock);
        var conditions = new ConditionBoard(clock, output.Loggers.CreateLogger<ConditionBoard>());
        var ownership = new ClaimMark(Path.GetFullPath(_current.Storage.Directory), output.Loggers.CreateLogger<ClaimMark>());
        var appliance = new Appliance(() => Volatile.Read(ref _current).Description, conditions, output.Ring, signals.RequestStop, ownership, backups, updates);
        var gateway = await StartAsync(appliance, signals);
        if (gateway is null) return; // Somebody has stopped it before it was up, or only a new process can come up.

        await using (new Watchdog(gateway.HealthChecks, manager, clock, output.Loggers.CreateLogger<Watchdog>()).Started())
        {
            var summary = gateway.Summary;
            manager.Ready(summary);
            await using var watch = new HealthWatch(
                () => gateway.FindConditions().Concat(updates.FindConditions()), gateway.ProbeStorageAsync, conditions, gateway.Broker, manager, _files, summary, clock, output.Loggers.CreateLogger<HealthWatch>());
            var startTime = (long)Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
            LogReady(summary, startTime);
            await ServeAsync(gateway, signals);
        }

        manager.Stopping();
        LogStopping();
        await gateway.DisposeAsync();
        LogStopped();
    }

    /// <summary>The gateway, as soon as its data can be used; null when somebody has stopped it before, or when this process never can.</summary>
    private async Task<Gateway?> StartAsync(Appliance appliance, ProcessSignals signals)
    {
        using var inherited = InheritedSockets.Of(sources.Environment);
        while (true)
        {
            string reason;
            try
            {
                var gateway = await Gateway.StartAsync(_current, appliance, inherited, output.Loggers, clock, signals.Stopping);
                foreach (var endPoint in inherited.Left) LogNotWanted(endPoint);
                return gateway;
            }
            catch (Exception exception) when (manager.IsPresent && OutOfOrder.ReasonOf(exception) is { } fault)
            {
                reason = fault; // Whoever starts it by hand sees the end of the process instead, with its exit code.
            }

            try
            {
                var end = await new OutOfOrder(_current, manager, _files, clock, output.Loggers).WaitAsync(
                    reason, () => Gateway.ProbeStoresAsync(_current, NullLoggerFactory.Instance, clock), signals.Stopping);
                if (end == OutOfOrderEnd.NewStartNeeded) return null;
            }
            catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private async Task ServeAsync(Gateway gateway, ProcessSignals signals)
    {
        try
        {
            while (true)
            {
                await signals.ReloadRequestedAsync();
                manager.Reloading(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)); // CLOCK_MONOTONIC on Linux
                gateway.RenewTls();
                await ReloadAsync(gateway, signals.Stopping);
                manager.Ready(gateway.Summary);
            }
        }
        catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
        {
            // Time to stop.
        }
    }

    private async Task ReloadAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        var result = EdgeConfiguration.Load(sources);
        foreach (var fault in result.Faults) LogFault(fault);
        if (result.Configuration is not { } fresh)
        {
            LogReloadRefused(result.Faults.Count);
            return;
        }

        var changes = ConfigurationChanges.Between(_current, fresh);
        output.ChangeLevel(fresh.Log.Level);
        gateway.ChangeAccess(changes.Current);
        if (changes.Current.Upstream is { } upstream && changes.Reloadable.Any(ConfigurationChanges.IsOfLink)) await gateway.ChangeUpstreamAsync(upstream);
        await gateway.ChangeBridgesAsync(changes.Current, cancellationToken);
        await gateway.ProvisionAsync(changes.Current, cancellationToken);
        if (changes.HasSensors) await gateway.ChangeSensorsAsync(changes.Current, cancellationToken);
        LogReloaded(changes.Reloadable.Count == 0 ? "nothing" : string.Join(", ", changes.Reloadable));
        if (changes.NeedRestart.Count > 0) LogNeedsRestart(string.Join(", ", changes.NeedRestart));

        // What needs a restart stays in force as it was, and is named again at the next reload.
        _current = changes.Current;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Kuzzle.Edge {Version} starts on .NET {Runtime}; configuration: {Files}")]
    private partial void LogStarting(string version, Version runtime, string files);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready after {Milliseconds} ms: {Summary}")]
    private partial void LogReady(string summary, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service manager has opened {EndPoint}, where the configuration has no MQTT listener; it is closed")]
    private partial void LogNotWanted(EndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping")]
    private partial void LogStopping();

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    private partial void LogStopped();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault}")]
    private partial void LogFault(ConfigurationFault fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration has {Count} faults; the one before stays in force")]
    private partial void LogReloadRefused(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration was read again; changed: {Keys}")]
    private partial void LogReloaded(string keys);

    [LoggerMessage(Level = LogLevel.Warning, Message = "These settings have changed and need a restart: {Keys}")]
    private partial void LogNeedsRestart(string keys);
}
