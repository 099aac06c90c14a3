namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>Knows the pre-shared keys of clients.</summary>
internal interface IPskKeys
{
    /// <summary>The key of an identity; null when there is none. Asked in the middle of a handshake, on a pool thread, and within the client's time to connect.</summary>
    /// <param name="identity">What the client calls itself; not proven yet.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    ValueTask<byte[]?> FindAsync(string identity, CancellationToken cancellationToken);
}
