using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Kuzzle.Edge.Listeners;

/// <summary>An accepted connection as a pair of pipes.</summary>
[SuppressMessage("Design", "CA1001", Justification = "CloseAsync, which is called once, disposes the socket at its end.")]
internal sealed class SocketConnection : IDuplexPipe
{
    // How much of what the peer has sent is thrown away before closing. Closing over unread bytes makes the kernel send a reset, as does what arrives after closing,
    // and a reset takes with it what the peer has not read yet: for instance why it was refused.
    private const int DiscardedBytes = 256 * 1024;

    private readonly SocketPipeReader _input;
    private readonly SocketPipeWriter _output;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">Disposed by <see cref="CloseAsync"/>.</param>
    public SocketConnection(Socket socket)
    {
        socket.Blocking = false; // Receives and sends are tried on the spot; a blocking one would hold up the thread that serves all the others.
        Socket = socket;
        _input = new SocketPipeReader(socket);
        _output = new SocketPipeWriter(socket);
    }

    /// <summary>What both pipes are made of.</summary>
    internal Socket Socket { get; }

    /// <summary>Where the listener keeps it.</summary>
    internal int Place { get; set; }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    /// <summary>Ends reading and writing at once, from any thread; a read that waits ends as if the peer had closed.</summary>
    public void Abort()
    {
        _output.End();
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It has gone already: what was wanted.
        }
    }

    /// <summary>Ends both pipes, with which everybody has finished, tells the peer that no more comes, and closes if the peer has closed, too.</summary>
    /// <returns>False when the peer has not; then <see cref="CloseAsync"/> waits for it.</returns>
    public bool TryClose()
    {
        try
        {
            _input.Complete();
            _output.Complete();
            if (!DiscardToEnd())
            {
                Socket.Shutdown(SocketShutdown.Send); // Only here: where the peer has closed, closing says it too, and shutting down is a fifth of a connection's cost.
                return false;
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }

        Socket.Dispose();
        return true;
    }

    /// <summary>Closes when the peer has closed; what it had under way by then is received and thrown away.</summary>
    /// <param name="cancellationToken">The end of patience with a peer that does not close.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        var discarded = ArrayPool<byte>.Shared.Rent(2048);
        try
        {
            for (var total = 0; total < DiscardedBytes;)
            {
                var received = await Socket.ReceiveAsync(discarded, SocketFlags.None, cancellationToken);
                if (received == 0) break;

                total += received;
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer was faster, or too slow.
        }
        finally
        {
            Socket.Dispose();
            ArrayPool<byte>.Shared.Return(discarded);
        }
    }

    /// <summary>Throws away what is there already.</summary>
    /// <returns>Whether the end is among it, or it is too much to wait for the end.</returns>
    private bool DiscardToEnd()
    {
        Span<byte> discarded = stackalloc byte[2048];
        for (var total = 0; total < DiscardedBytes;)
        {
            var received = Socket.Receive(discarded, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return false;
            if (received == 0) return true;

            total += received;
        }

        return true;
    }
}
