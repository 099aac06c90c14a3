namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>The topics that clients give their names to: answers go to <c>mqtt.&lt;clientId&gt;</c>, notifications to <c>mqtt.&lt;room name&gt;</c>.</summary>
internal static class LegacyNames
{
    /// <summary>Names are kept as long as their rooms; a UUID has 36 characters.</summary>
    public const int Longest = 256;

    private const string Dotted = "mqtt.";
    private const string Slashed = "mqtt/";

    /// <summary>Whether a name can be a topic.</summary>
    public static bool IsUsable(string name) => name.Length is >= 1 and <= Longest && name.AsSpan().IndexOfAny('+', '#', '\0') < 0;

    /// <summary>The topic of a name as the dialect writes it.</summary>
    public static string TopicOf(string name) => Dotted + name;

    /// <summary>The same topic as the broker of 2015 translated it for MQTT clients.</summary>
    public static string SlashedTopicOf(string name) => Slashed + name.Replace('.', '/');

    /// <summary>Whether a topic is one of those on which only the gateway speaks.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> topic) => topic.StartsWith("mqtt."u8) || topic.StartsWith("mqtt/"u8);

    /// <summary>Whether a topic is one of those on which only the gateway speaks.</summary>
    public static bool IsReserved(string topic) => topic.StartsWith(Dotted, StringComparison.Ordinal) || topic.StartsWith(Slashed, StringComparison.Ordinal);

    /// <summary>The name whose topic this is, or the topic itself: rooms are heard under their bare names, too.</summary>
    public static string NameIn(string topic) => IsReserved(topic) ? topic[Dotted.Length..] : topic;
}
