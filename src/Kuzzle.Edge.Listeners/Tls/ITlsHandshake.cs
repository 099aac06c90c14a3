using System.IO.Pipelines;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>One way to begin TLS, on the server's side.</summary>
internal interface ITlsHandshake
{
    /// <summary>
    /// Completes when the peer has proven what it must. A peer that cannot throws <see cref="System.Security.Authentication.AuthenticationException"/>, a connection
    /// that breaks <see cref="IOException"/>.
    /// </summary>
    /// <param name="pipes">The connection.</param>
    /// <param name="stream">The same connection as a stream.</param>
    /// <param name="cancellationToken">The connection ends.</param>
    ValueTask<TlsSession> RunAsync(IDuplexPipe pipes, DuplexPipeStream stream, CancellationToken cancellationToken);
}
