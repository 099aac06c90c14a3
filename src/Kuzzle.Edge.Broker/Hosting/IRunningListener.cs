using System.Net;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>A listener that accepts connections.</summary>
public interface IRunningListener : IAsyncDisposable
{
    /// <summary>Where it listens, with the port that the system has chosen; null where there is no such thing.</summary>
    EndPoint? EndPoint { get; }

    /// <summary>Accepts no more; the connections there are go on.</summary>
    Task CloseAsync();
}
