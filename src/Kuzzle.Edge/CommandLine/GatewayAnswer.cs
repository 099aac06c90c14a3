using System.Text.Json;

namespace Kuzzle.Edge.CommandLine;

/// <summary>What a running gateway said, or why it did not.</summary>
/// <param name="Result">The result of the action; undefined when there is none.</param>
/// <param name="Code">How the command ends.</param>
/// <param name="Complaint">Why there is no result, for the operator; null when there is one.</param>
internal sealed record GatewayAnswer(JsonElement Result, ExitCode Code, string? Complaint);
