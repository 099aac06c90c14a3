using System.IO.Pipelines;
using System.Net.Sockets;

namespace Kuzzle.Edge.Listeners;

/// <summary>An accepted connection as a pair of pipes.</summary>
internal sealed class SocketConnection : IDuplexPipe, IDisposable
{
    // How much of what the peer has sent is thrown away before closing. Closing over unread bytes makes the kernel send a reset, and a reset takes with it what the
    // peer has not read yet: for instance why it was refused.
    private const int DiscardedBytes = 256 * 1024;

    private readonly SocketPipeReader _input;
    private readonly SocketPipeWriter _output;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">Disposed by this.</param>
    public SocketConnection(Socket socket)
    {
        socket.Blocking = false; // Receives and sends are tried on the spot; a blocking one would hold up the thread that serves all the others.
        Socket = socket;
        _input = new SocketPipeReader(socket);
        _output = new SocketPipeWriter(socket);
    }

    /// <summary>What both pipes are made of.</summary>
    internal Socket Socket { get; }

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

    /// <summary>Closes after everybody has finished with both pipes.</summary>
    public void Dispose()
    {
        try
        {
            _input.Complete();
            _output.Complete();
            Socket.Shutdown(SocketShutdown.Send);
            Span<byte> discarded = stackalloc byte[2048];
            for (var total = 0; total < DiscardedBytes;)
            {
                var received = Socket.Receive(discarded, SocketFlags.None, out var error);
                if (error != SocketError.Success || received == 0) break;

                total += received;
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
        finally
        {
            Socket.Dispose();
        }
    }
}
