using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>Whether one connection goes on, and why it ends: the first reason counts. From any thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It has neither a timer nor a wait handle, so there is nothing to free, and callers may still ask when the connection has ended.")]
internal sealed class ConnectionLife
{
    private readonly CancellationTokenSource _alive = new();
    private readonly TaskCompletionSource<MqttEnding> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttEnding? _ending;

    /// <summary>Cancelled when nothing of the connection may go on.</summary>
    public CancellationToken Token => _alive.Token;

    /// <summary>Whether the end is decided.</summary>
    public bool IsOver => Volatile.Read(ref _ending) is not null;

    /// <summary>Completes when the end is decided, with the reason.</summary>
    public Task<MqttEnding> Over => _over.Task;

    /// <summary>Decides the end, unless it is decided.</summary>
    public void End(MqttEnding ending)
    {
        if (Interlocked.CompareExchange(ref _ending, ending, comparand: null) is null) _over.TrySetResult(ending);
    }

    /// <summary>Stops what still runs.</summary>
    public Task StopAsync() => _alive.CancelAsync();

    /// <summary>Does something for a caller as long as the connection lives and the caller wants it.</summary>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public async Task<T> WhileAliveAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken caller)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Token, caller);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (Explains(ended) && !caller.IsCancellationRequested)
        {
            throw new MqttConnectionException(Volatile.Read(ref _ending)!);
        }
    }

    /// <inheritdoc cref="WhileAliveAsync{T}"/>
    public Task WhileAliveAsync(Func<CancellationToken, Task> work, CancellationToken caller) => WhileAliveAsync(
        async token =>
        {
            await work(token).ConfigureAwait(false);
            return true;
        },
        caller);

    /// <summary>Whether a failure to write is only how a caller hears that the connection is over.</summary>
    public bool Explains(Exception failure) => IsOver && failure is OperationCanceledException or ChannelClosedException;
}
