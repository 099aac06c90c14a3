using System.Buffers;
using System.IO.Pipelines;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>
/// A connection's pipes as the stream that TLS asks for. A read of zero bytes waits until there is something. Cancelling the pending read of the pipe ends a read with
/// <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipes) : Stream
{
    /// <summary>
    /// Whether what follows a read runs on a pool thread. A handshake takes milliseconds of a board's processor, and the thread that saw the bytes come serves all the
    /// other connections.
    /// </summary>
    public bool LeavesReadingThread { get; set; } = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing to do: each write is sent at once.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="FlushAsync"/>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It would block the thread.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It would block the thread.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
