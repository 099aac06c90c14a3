using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Requests;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>A body that is read while its action runs: counts its bytes, and says what goes wrong as <see cref="BodyException"/>.</summary>
internal sealed class BoundedBody(Stream body, long maxBytes) : Stream
{
    private long _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await body.ReadAsync(buffer, cancellationToken);
            _bytes += count;
            return _bytes <= maxBytes ? count : throw new BodyException(NetworkErrors.RequestTooLarge(maxBytes));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException) // of gzip and deflate; of Brotli
        {
            throw new BodyException(NetworkErrors.BodyParseFailed(e.Message), e);
        }
        catch (IOException e)
        {
            throw new BodyException(NetworkErrors.ConnectionDropped(), e); // The client left, or sent so slowly that the server gave up.
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
