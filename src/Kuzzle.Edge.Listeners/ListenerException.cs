using System.Net;

namespace Kuzzle.Edge.Listeners;

/// <summary>A port cannot be listened on. The message names it and says why.</summary>
public sealed class ListenerException(EndPoint endPoint, string reason, Exception? innerException = null)
    : Exception($"Cannot listen on {endPoint}: {reason}.", innerException)
{
    /// <summary>Where it was tried.</summary>
    public EndPoint EndPoint { get; } = endPoint;
}
