namespace Kuzzle.Edge.Api.Realtime;

/// <summary>One notification on its way to everybody who listens on any of its channels.</summary>
/// <param name="Channels">The channels to send it on; at least one.</param>
/// <param name="Json">The notification as one UTF-8 JSON object, without the <c>room</c> member that only the WebSocket protocol adds.</param>
public sealed record Notification(IReadOnlyList<string> Channels, ReadOnlyMemory<byte> Json);
