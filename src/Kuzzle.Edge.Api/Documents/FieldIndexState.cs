namespace Kuzzle.Edge.Api.Documents;

/// <summary>An index of a field, which the store keeps by itself.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Kind">How its values are read: keyword, number, boolean, date or text.</param>
/// <param name="IsReady">False while it is being built; searches do without it until then.</param>
/// <param name="Failure">Why it is not being built at the moment; null when it is, or is ready.</param>
public sealed record FieldIndexState(string Field, string Kind, bool IsReady, IndexFailure? Failure = null);
