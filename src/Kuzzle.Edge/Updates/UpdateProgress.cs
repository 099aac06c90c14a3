namespace Kuzzle.Edge.Updates;

/// <summary>How far a step of an update is.</summary>
/// <param name="Step"><c>downloading</c>, <c>installing</c>, <c>installed</c> or <c>failed</c>.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Message">What is being done, or what went wrong.</param>
internal sealed record UpdateProgress(string Step, int Percent, string Message);
