using System.Net.Sockets;

namespace Kuzzle.Edge.Listeners;

/// <summary>The one receive that a reader may have under way.</summary>
/// <param name="reader">Told when a receive that had to wait has ended, on the thread that saw it.</param>
internal sealed class SocketReceive(SocketPipeReader reader) : SocketAsyncEventArgs(true) // true: without the execution context, which nobody here needs
{
    protected override void OnCompleted(SocketAsyncEventArgs e) => reader.OnReceived();
}
