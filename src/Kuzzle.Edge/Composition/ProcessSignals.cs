using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Composition;

/// <summary>What the operator or the service manager asks of the process.</summary>
internal sealed class ProcessSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _reload = new(0);
    private readonly PosixSignalRegistration[] _registrations;

    public ProcessSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload),
    ];

    /// <summary>Cancelled when the process shall stop.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Completes when the configuration shall be read again; cancelled when the process shall stop.</summary>
    public Task ReloadRequestedAsync() => _reload.WaitAsync(_stop.Token);

    /// <summary>As SIGTERM does. Returns at once: the stop itself may wait for who asks for it.</summary>
    public void RequestStop() => _stop.CancelAfter(TimeSpan.Zero);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _reload.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true; // Also the second time: timeout(1) and others signal twice, and stopping takes five seconds at most anyway.
        _stop.Cancel();
    }

    private void Reload(PosixSignalContext context)
    {
        context.Cancel = true;
        _reload.Release();
    }
}
