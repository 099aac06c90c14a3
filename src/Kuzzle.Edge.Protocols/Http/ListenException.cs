using System.Net;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>A listener could not be opened. The message is one line for the operator: which address, and why.</summary>
public sealed class ListenException(IPEndPoint endPoint, string reason, Exception innerException)
    : Exception($"Cannot listen on {endPoint}: {reason}.", innerException)
{
    /// <summary>The address that was asked for.</summary>
    public IPEndPoint EndPoint { get; } = endPoint;
}
