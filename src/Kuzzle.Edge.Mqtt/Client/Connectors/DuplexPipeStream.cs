using System.IO.Pipelines;

namespace Kuzzle.Edge.Mqtt.Client.Connectors;

/// <summary>
/// Two pipes as one stream, for a client that talks to a server in the same process. Disposing it completes both, and ends with <see cref="IOException"/> what is under way, as a
/// connection that breaks would.
/// </summary>
/// <param name="input">What the server writes.</param>
/// <param name="output">What the server reads.</param>
public sealed class DuplexPipeStream(PipeReader input, PipeWriter output) : AsyncStream
{
    private readonly Stream _input = input.AsStream();
    private readonly Stream _output = output.AsStream();
    private volatile bool _isClosed;

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
