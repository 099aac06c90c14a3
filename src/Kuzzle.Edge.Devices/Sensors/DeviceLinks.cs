using System.Threading.Channels;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Devices.Local;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>Makes each sensor a device of the registry, and hands it the commands that come for it. One after another, for each is a document.</summary>
internal sealed partial class DeviceLinks(ILocalDevices devices, TimeProvider clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Channel<MountedSensor> _waiting = Channel.CreateUnbounded<MountedSensor>(new UnboundedChannelOptions { SingleReader = true }); // As many as there are sensors.
    private readonly Dictionary<MountedSensor, IAsyncDisposable> _connected = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<MountedSensor> _removed = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<MountedSensor> _silenced = new(ReferenceEqualityComparer.Instance);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins. To be called once.</summary>
    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>The sensor shall be a device.</summary>
    public void Add(MountedSensor mounted) => _waiting.Writer.TryWrite(mounted);

    /// <summary>The sensor is gone. Its device stays in the registry, with its past, and is not connected any more.</summary>
    public async Task RemoveAsync(MountedSensor mounted)
    {
        await _turn.WaitAsync();
        try
        {
            mounted.Sensor.MaySpeak = static () => false; // What its hardware still says is not heard any more.
            bool wasSilenced;
            lock (_silenced) wasSilenced = _silenced.Remove(mounted);
            if (_connected.Remove(mounted, out var connection)) await connection.DisposeAsync();
            else if (!wasSilenced) _removed.Add(mounted); // It waits to be linked.
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>All devices have gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        foreach (var connection in _connected.Values) await connection.DisposeAsync().AsTask().WaitAsync(cancellationToken);
        _connected.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var failed = new Queue<MountedSensor>();
        try
        {
            while (await HasMoreAsync(failed.Count > 0, cancellationToken))
            {
                for (var again = failed.Count; again > 0; again--) await LinkOrKeepAsync(failed.Dequeue(), failed, cancellationToken);
                while (_waiting.Reader.TryRead(out var mounted)) await LinkOrKeepAsync(mounted, failed, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
    }

    /// <summary>Waits for the next one; where some have failed, no longer than until they are tried again.</summary>
    private async ValueTask<bool> HasMoreAsync(bool hasFailed, CancellationToken cancellationToken)
    {
        if (!hasFailed) return await _waiting.Reader.WaitToReadAsync(cancellationToken);

        try
        {
            return await _waiting.Reader.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(RetryAfter, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    private async ValueTask LinkOrKeepAsync(MountedSensor mounted, Queue<MountedSensor> failed, CancellationToken cancellationToken)
    {
        if (await LinkAsync(mounted, cancellationToken) is not { } fault) return;

        LogUnlinked(logger, mounted.Sensor.Options.Name, fault);
        failed.Enqueue(mounted);
    }

    private async Task<string?> LinkAsync(MountedSensor mounted, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_removed.Remove(mounted)) return null;

            var options = mounted.Sensor.Options;
            var (device, fault) = await devices.EnsureAsync(
                new LocalDevice(options.Index, options.Name)
                {
                    Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["source"] = options.Source.ToString(),
                        ["role"] = mounted.Actuator is null ? "sensor" : "actuator",
                    },
                },
                cancellationToken);
            if (device is null) return fault?.Message ?? "the registry gives no reason";

            mounted.Sensor.MaySpeak = () => MaySpeak(mounted, device);
            if (_connected.Remove(mounted, out var before)) await before.DisposeAsync(); // The registry has ended it when it disabled the device.
            if (!mounted.Sensor.MaySpeak()) return null; // It is linked when it may again.

            Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>? receive =
                mounted.Actuator is { } actuator ? (command, token) => actuator.DoAsync(command.Name, command.Payload, token) : null;
            _connected[mounted] = await devices.ConnectAsync(device, receive, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The outermost loop of all links: the next sensor gets its turn, and this one another.
            return failure.Message;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Asked at each measurement: a device that may speak again is linked anew, for the registry has closed its session.</summary>
    private bool MaySpeak(MountedSensor mounted, DeviceIdentity device)
    {
        var may = devices.MaySpeak(device);
        lock (_silenced)
        {
            if (!may) _silenced.Add(mounted);
            else if (_silenced.Remove(mounted)) Add(mounted);
        }

        return may;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sensor {Sensor} is no device of the registry yet, and is tried again: {Fault}")]
    private static partial void LogUnlinked(ILogger logger, string sensor, string fault);
}
