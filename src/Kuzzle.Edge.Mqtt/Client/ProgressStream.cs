namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// The line of a connection. It tells what has gone through it: on a slow one a large message takes longer than any answer may, and only one on which nothing moves is dead. It says
/// <see cref="LineBrokenException"/> when it breaks.
/// </summary>
/// <param name="inner">The stream. It stays the caller's.</param>
internal sealed class ProgressStream(Stream inner) : AsyncStream
{
    /// <summary>Bytes of one write, and what counts as progress: a PINGREQ alone is none.</summary>
    private const int PieceBytes = 16 * 1024;

    private long _read;
    private long _written;

    /// <summary>Grows with all that is read.</summary>
    public long BytesRead => Volatile.Read(ref _read);

    /// <summary>Grows with each 16 KiB that the line has taken.</summary>
    public long PiecesWritten => Volatile.Read(ref _written) / PieceBytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _read, _read + count);
            return count;
        }
        catch (IOException failure)
        {
            throw new LineBrokenException(failure);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                var piece = buffer[..Math.Min(buffer.Length, PieceBytes)];
                await inner.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _written, _written + piece.Length);
                buffer = buffer[piece.Length..];
            }
        }
        catch (IOException failure)
        {
            throw new LineBrokenException(failure);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw new LineBrokenException(failure);
        }
    }
}
