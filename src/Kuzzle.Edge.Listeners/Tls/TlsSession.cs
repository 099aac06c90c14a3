using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>What a handshake has brought about.</summary>
/// <param name="Stream">The bytes in the clear. Disposed by whoever gets it.</param>
/// <param name="SayGoodbye">Tells the peer that no more comes (close_notify).</param>
internal sealed record TlsSession(Stream Stream, Func<Task> SayGoodbye)
{
    /// <summary>The certificate that the client has proven to hold, verified; or null.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The certificate that the client has proven to hold, and that nobody has verified; or null.</summary>
    public X509Certificate2? UnverifiedCertificate { get; init; }

    /// <summary>What came with <see cref="UnverifiedCertificate"/>.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];

    /// <summary>The identity whose key the client has proven to know, or null.</summary>
    public string? PskIdentity { get; init; }
}
