using System.Text.Json;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>
/// A way to ask a Kuzzle. Whatever goes wrong with it is a <see cref="LinkBrokenException"/>, and after that it can only be disposed. May be asked from several places at a time.
/// </summary>
internal interface IUpstreamConnection : IAsyncDisposable
{
    /// <summary>What it is, for the operator: <c>websocket</c> or <c>http</c>.</summary>
    string Transport { get; }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <param name="writeMembers">Writes the members of the request but for requestId.</param>
    /// <param name="timeToSend">What sending it may take beyond the time that every answer has.</param>
    /// <param name="cancellationToken">Ends the wait; the upstream may carry the request out nevertheless.</param>
    Task<UpstreamAnswer> AskAsync(Action<Utf8JsonWriter> writeMembers, TimeSpan timeToSend, CancellationToken cancellationToken);
}
