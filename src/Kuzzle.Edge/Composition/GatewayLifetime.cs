using System.Diagnostics;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Health;
using Kuzzle.Edge.Logging;
using Kuzzle.Edge.Systemd;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Composition;

/// <summary>From start to end: brings the gateway up, tells the service manager, reads the configuration again when asked, and takes it down.</summary>
internal sealed partial class GatewayLifetime(
    ConfigurationSources sources, EdgeConfiguration configuration, LogOutput output, ServiceManager manager, TimeProvider clock)
{
    private readonly ILogger _logger = output.Loggers.CreateLogger<GatewayLifetime>();
    private EdgeConfiguration _current = configuration;

    /// <summary>Returns when the gateway was stopped in order; throws when it could not start.</summary>
    public async Task RunAsync(ProcessSignals signals)
    {
        var files = _current.Files.Count == 0 ? "defaults" : string.Join(", ", _current.Files);
        var runtime = Environment.Version;
        var version = ProductVersion.Text;
        LogStarting(version, runtime, files);
        var startedAt = Stopwatch.GetTimestamp();
        var gateway = await Gateway.StartAsync(
            _current, new Appliance(() => Volatile.Read(ref _current).Description, output.Ring, signals.RequestStop), output.Loggers, clock, signals.Stopping);
        if (gateway is null) return; // Somebody has stopped it before it was up.

        await using (new Watchdog(gateway.HealthChecks, manager, clock, output.Loggers.CreateLogger<Watchdog>()).Started())
        {
            var summary = gateway.Summary;
            manager.Ready(summary);
            var startTime = (long)Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
            LogReady(summary, startTime);
            await ServeAsync(gateway, signals);
        }

        manager.Stopping();
        LogStopping();
        await gateway.DisposeAsync();
        LogStopped();
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
        LogReloaded(changes.Reloadable.Count == 0 ? "nothing" : string.Join(", ", changes.Reloadable));
        if (changes.NeedRestart.Count > 0) LogNeedsRestart(string.Join(", ", changes.NeedRestart));

        // What needs a restart stays in force as it was, and is named again at the next reload.
        _current = changes.Current;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Kuzzle.Edge {Version} starts on .NET {Runtime}; configuration: {Files}")]
    private partial void LogStarting(string version, Version runtime, string files);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready after {Milliseconds} ms: {Summary}")]
    private partial void LogReady(string summary, long milliseconds);

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
