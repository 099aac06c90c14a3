using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>
/// Removes a document here and nowhere else: the upstream is not told, and what it holds does not come back until it changes there. A store with an outbox leaves a document
/// that must still go up as it is, and answers <see cref="DocumentChangeKind.None"/> with it; so nothing that was to reach the upstream is lost by tidying up.
/// </summary>
/// <param name="id">The document.</param>
/// <param name="condition">Which documents are taken.</param>
public sealed class LocalRemoval(string id, RemovalCondition condition) : DocumentWrite(id)
{
    /// <summary>Which documents are taken.</summary>
    public RemovalCondition Condition { get; } = condition;

    /// <inheritdoc/>
    public override DocumentChange Apply(StoredDocument? current) => current is null ? DocumentChange.None : DocumentChange.Delete;
}
