namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>A stream that tells what has gone through it: on a slow line a large message takes longer than any answer may, and only one on which nothing moves is dead.</summary>
/// <param name="inner">The stream. It stays the caller's.</param>
internal sealed class ProgressStream(Stream inner) : Stream
{
    /// <summary>Bytes of one write, and what counts as progress: a PINGREQ alone is none.</summary>
    private const int PieceBytes = 16 * 1024;

    private long _read;
    private long _written;

    /// <summary>Grows with all that is read.</summary>
    public long BytesRead => Volatile.Read(ref _read);

    /// <summary>Grows with each 16 KiB that the line has taken.</summary>
    public long PiecesWritten => Volatile.Read(ref _written) / PieceBytes;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _read, _read + count);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(buffer.Length, PieceBytes)];
            await inner.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _written, _written + piece.Length);
            buffer = buffer[piece.Length..];
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
