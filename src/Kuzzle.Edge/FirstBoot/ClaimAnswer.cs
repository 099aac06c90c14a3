namespace Kuzzle.Edge.FirstBoot;

/// <summary>What the gateway said about its owner.</summary>
/// <param name="State">Whether there is one.</param>
/// <param name="Reason">Why that is not known, or why the administrator who was named could not be made; else empty.</param>
internal sealed record ClaimAnswer(ClaimState State, string Reason = "");
