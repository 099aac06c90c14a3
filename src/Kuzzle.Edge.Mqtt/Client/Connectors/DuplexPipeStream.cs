using System.IO.Pipelines;

namespace Kuzzle.Edge.Mqtt.Client.Connectors;

/// <summary>
/// Two pipes as one stream, for a client that talks to a server in the same process. Disposing it completes both, and ends with <see cref="IOException"/> what is under way, as a
/// connection that breaks would.
/// </summary>
/// <param name="input">What the server writes.</param>
/// <param name="output">What the server reads.</param>
public sealed class DuplexPipeStream(PipeReader input, PipeWriter output) : Stream
{
    private readonly Stream _input = input.AsStream();
    private readonly Stream _output = output.AsStream();
    private volatile bool _isClosed;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException completed) when (_isClosed)
        {
            throw Closed(completed);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException completed) when (_isClosed)
        {
            throw Closed(completed);
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask; // Every write of a pipe's stream is a flush already.

    /// <inheritdoc/>
    public override void Flush()
    {
        // Every write of a pipe's stream is a flush already.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isClosed = true;
            _input.Dispose();
            _output.Dispose();
        }

        base.Dispose(disposing);
    }

    private static IOException Closed(Exception completed) => new("The stream was closed while it was in use.", completed);
}
