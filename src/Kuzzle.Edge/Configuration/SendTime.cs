using Kuzzle.Edge.Sync.Pacing;

namespace Kuzzle.Edge.Configuration;

/// <summary>A time of the day when documents go up.</summary>
internal sealed record SendTime(SendWindow Window)
{
    /// <summary>Reads <c>22:00-06:00</c>; null when the text is something else.</summary>
    public static SendTime? Parse(string text) => SendWindow.Parse(text) is { } window ? new SendTime(window) : null;
}
