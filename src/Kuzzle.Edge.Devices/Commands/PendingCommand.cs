using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Commands;

/// <summary>A command that is not decided yet. Settling and disposing may come from different threads at once.</summary>
internal sealed class PendingCommand(Application application, CommandDocument document, TimeSpan? left, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _expiry = left is { } time ? new CancellationTokenSource(time, clock) : new CancellationTokenSource();
    private CancellationTokenRegistration? _expiring;
    private bool _isDisposed;

    public Application Application => application;

    public CommandDocument Document => document;

    /// <summary>Cancelled when it has expired, or somebody has decided about it.</summary>
    public CancellationToken Ended => _expiry.Token;

    /// <summary>Whether it is somebody else who has ended it.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>The sessions that it was sent to since it last waited. Used by whoever brings it on.</summary>
    public HashSet<IDeviceSession> Tried { get; } = [];

    /// <summary>Completes when something has become of it: it waits, was handed to somebody, or is decided. What, its document says.</summary>
    public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody has decided about it: cancelled, deleted, or changed its document.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            IsSettled = true;
            if (!_isDisposed) _expiry.Cancel();
        }
    }

    /// <summary>What is done when it ends while it waits; the first time counts.</summary>
    public void WhenEnded(Action end) => _expiring ??= _expiry.Token.Register(end);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        _expiring?.Dispose();
        _expiry.Dispose();
    }
}
