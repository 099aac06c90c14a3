using System.IO.Pipelines;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>
/// A result as a file rather than as a member of an answer: HTTP sends it as the whole response, other protocols do not carry it. It is written after the action has
/// ended, once at the most; a writer that is disposed of or fails in the middle cuts the response off, which clients notice.
/// </summary>
/// <param name="ContentType">The media type.</param>
/// <param name="WriteAsync">
/// Writes it. Flushes as it goes: the flush waits for a client that reads slowly, and that is all that bounds memory. Stops when a flush says that it is completed.
/// </param>
public sealed record ResultContent(string ContentType, Func<PipeWriter, CancellationToken, ValueTask> WriteAsync)
{
    /// <summary>The name under which browsers keep it; null to show it.</summary>
    public string? FileName { get; init; }

    /// <summary>A content that is there already.</summary>
    public static ResultContent Of(string contentType, ReadOnlyMemory<byte> content) =>
        new(contentType, async (output, cancellationToken) => await output.WriteAsync(content, cancellationToken));
}
