using System.Buffers;
using System.IO.Pipelines;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>
/// A connection's pipes as the stream that TLS asks for. A read of zero bytes waits until there is something. Cancelling the pending read of the pipe ends a read with
/// <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipes) : AsyncStream
{
    /// <summary>
    /// Whether what follows a read runs on a pool thread. A handshake takes milliseconds of a board's processor, and the thread that saw the bytes come serves all the
    /// other connections.
    /// </summary>
    public bool LeavesReadingThread { get; set; } = true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await pipes.Input.ReadAsync(cancellationToken);
        var count = (int)Math.Min(buffer.Length, read.Buffer.Length);
        read.Buffer.Slice(0, count).CopyTo(buffer.Span);
        pipes.Input.AdvanceTo(read.Buffer.GetPosition(count));
        if (read.IsCanceled) throw new OperationCanceledException("The connection ends.");
        if (LeavesReadingThread) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var flush = await pipes.Output.WriteAsync(buffer, cancellationToken);
        if (flush.IsCanceled) throw new OperationCanceledException("The connection ends.");
        if (flush.IsCompleted) throw new IOException("The peer has gone.");
    }
}
