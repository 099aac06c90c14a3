using System.Threading.Channels;
using Kuzzle.Edge.Api.Devices;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Local;

/// <summary>A device of this process as a session among the others. Commands wait in a line of their own and are done one at a time.</summary>
internal sealed partial class LocalSession : IDeviceSession, IAsyncDisposable
{
    /// <summary>Its name for people.</summary>
    public const string TransportName = "internal";

    /// <summary>As many as the endpoint lets wait for a device.</summary>
    private const int MostWaiting = 32;

    private readonly Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>? _receive;
    private readonly IDeviceSessions _sessions;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<Entry> _line = Channel.CreateBounded<Entry>(MostWaiting);
    private readonly Task _working;
    private Task _telling = Task.CompletedTask;
    private int _isGone;

    public LocalSession(
        DeviceIdentity identity,
        Func<DeviceCommand, CancellationToken, ValueTask<LocalCommandOutcome>>? receive,
        IDeviceSessions sessions,
        DateTimeOffset since,
        ILogger logger)
    {
        Identity = identity;
        Since = since;
        _receive = receive;
        _sessions = sessions;
        _logger = logger;
        _working = WorkAsync();
    }

    public DeviceIdentity Identity { get; }

    public string Transport => TransportName;

    public string? Origin => null;

    public DateTimeOffset Since { get; }

    public IReadOnlyList<string> Filters => _receive is null ? [] : ["command/inbox//#"];

    public bool ListensFor(string device) => _receive is not null && device == Identity.Device && !_end.IsCancellationRequested;

    public Task<CommandDelivery> DeliverAsync(DeviceCommand command, CancellationToken cancellationToken) => DeliverAsync(command, _ => { }, cancellationToken);

    /// <summary>As <see cref="IDeviceSession.DeliverAsync"/>, and tells why the device has not done it.</summary>
    public async Task<CommandDelivery> DeliverAsync(DeviceCommand command, Action<string> failed, CancellationToken cancellationToken)
    {
        if (!ListensFor(command.Device)) return CommandDelivery.NotListening;

        var entry = new Entry(command, cancellationToken);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
            await _line.Writer.WriteAsync(entry, either.Token);
            var outcome = await entry.Done.Task.WaitAsync(either.Token);
            if (outcome.Error is not null) failed(outcome.Error);
            return CommandDelivery.Delivered;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CommandDelivery.Lost;
        }
        catch (ChannelClosedException)
        {
            return CommandDelivery.NotListening;
        }
    }

    public void Close(SessionEnd why)
    {
        _line.Writer.TryComplete();
        _end.Cancel();
        if (Interlocked.Exchange(ref _isGone, 1) == 0) _telling = TellGoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _line.Writer.TryComplete();
        await _end.CancelAsync();
        await _working;
        await _telling;
        if (Interlocked.Exchange(ref _isGone, 1) == 0) await _sessions.ClosedAsync(this, CancellationToken.None);
    }

    private async Task TellGoneAsync()
    {
        // The registry has ended it, perhaps in the middle of a change: it is told afterwards.
        await Task.Yield();
        await _sessions.ClosedAsync(this, CancellationToken.None);
    }

    private async Task WorkAsync()
    {
        await foreach (var entry in _line.Reader.ReadAllAsync())
        {
            if (entry.Expired.IsCancellationRequested || _end.IsCancellationRequested)
            {
                entry.Done.TrySetCanceled();
                continue;
            }

            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(entry.Expired, _end.Token);
                entry.Done.TrySetResult(await _receive!(entry.Command, either.Token));
            }
            catch (OperationCanceledException)
            {
                entry.Done.TrySetCanceled();
            }
            catch (Exception exception)
            {
                // The outermost loop of the device: its next command must find it working.
                LogFailed(Identity.ToString(), entry.Command.Name, exception);
                entry.Done.TrySetResult(LocalCommandOutcome.Failed(exception.Message));
            }
        }
    }

    private sealed record Entry(DeviceCommand Command, CancellationToken Expired)
    {
        public TaskCompletionSource<LocalCommandOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The device {Device} has failed at the command {Command}")]
    private partial void LogFailed(string device, string command, Exception exception);
}
