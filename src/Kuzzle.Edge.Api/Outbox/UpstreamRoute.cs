namespace Kuzzle.Edge.Api.Outbox;

/// <summary>Which ways the documents of a collection go, as far as their store must know.</summary>
/// <param name="GoesUp">Whether changes here must reach the upstream.</param>
/// <param name="ComesDown">Whether changes there come here.</param>
/// <param name="Priority">How urgent changes here are: those with a larger number go up first.</param>
/// <param name="MayBeDropped">Whether the oldest changes may be given up when there is no room for newer ones.</param>
public readonly record struct UpstreamRoute(bool GoesUp, bool ComesDown = false, int Priority = 0, bool MayBeDropped = false)
{
    /// <summary>Documents that stay here.</summary>
    public static UpstreamRoute None => default;
}
