using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Testing.Transcripts;

/// <summary>One recorded notification, which followed an exchange.</summary>
/// <param name="Title">The line's own name.</param>
/// <param name="Client">Which of the recording's clients heard it.</param>
/// <param name="Channel">The channel, which over MQTT is the topic.</param>
/// <param name="Json">What was heard, without what differs from run to run.</param>
public sealed record RecordedNotification(string Title, char Client, string Channel, JsonObject Json)
{
    /// <summary>The client whose going away this tells, if it tells that: no request precedes it.</summary>
    public char? Gone => Title.Contains("C disconnected", StringComparison.Ordinal) ? 'C' : null;
}
