using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>The way out of a connection whose handshake has yet to tell where it leads: nothing is written before it was opened.</summary>
internal sealed class ClearTextStream : AsyncStream
{
    private Stream? _stream;

    public override bool CanRead => false;

    /// <summary>From now on what is written goes there.</summary>
    public void Open(Stream stream) => _stream = stream;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _stream?.WriteAsync(buffer, cancellationToken) ?? throw new InvalidOperationException("There is no handshake yet.");

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
