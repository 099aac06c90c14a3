using System.IO.Pipelines;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>TLS with a pre-shared key: both sides prove that they know it, and nobody has a certificate.</summary>
/// <param name="context">What connections have in common.</param>
/// <param name="keys">Asked one after the other; the first that knows a key wins.</param>
internal sealed class PskHandshake(PskContext context, IReadOnlyList<IPskKeys> keys) : ITlsHandshake
{
    /// <inheritdoc/>
    public async ValueTask<TlsSession> RunAsync(IDuplexPipe pipes, DuplexPipeStream stream, CancellationToken cancellationToken)
    {
        var tls = new PskStream(stream, context);
        try
        {
            await tls.AuthenticateAsync(keys, cancellationToken);
            return new TlsSession(tls, tls.ShutdownAsync) { PskIdentity = tls.Identity };
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }
}
