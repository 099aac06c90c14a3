using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>One step of a walk through a collection.</summary>
/// <param name="Refusal">Null, or why there can be no walk.</param>
/// <param name="Documents">The documents of this step.</param>
/// <param name="Next">The place behind them, for the next step; null after the last document.</param>
public sealed record DocumentPage(ApiError? Refusal, IReadOnlyList<StoredDocument> Documents, long? Next);
