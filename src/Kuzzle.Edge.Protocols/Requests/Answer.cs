using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.Requests;

/// <summary>An answer on its way out.</summary>
/// <param name="Status">The status, as HTTP gives it.</param>
/// <param name="RequestId">The request's own id, or the one that was made for it.</param>
/// <param name="Json">The answer object in UTF-8; it does not change any more.</param>
internal readonly record struct Answer(int Status, string RequestId, ReadOnlyMemory<byte> Json)
{
    /// <summary>What HTTP sends in place of the object, or null.</summary>
    public ResultContent? Content { get; init; }
}
