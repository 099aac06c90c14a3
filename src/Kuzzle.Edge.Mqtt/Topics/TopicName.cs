using System.Buffers;
using System.Text.Unicode;

namespace Kuzzle.Edge.Mqtt.Topics;

/// <summary>Rules of the topic of a message.</summary>
public static class TopicName
{
    /// <summary>Longest topic or filter in bytes: its length is a two-byte integer. [MQTT-4.7.3-3] [MQTT5-4.7.3-3]</summary>
    public const int MaxBytes = 65_535;

    private static readonly SearchValues<byte> PlainTopicBytes =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(code => (byte)code).Where(code => code is not ((byte)'+' or (byte)'#'))]);

    private static readonly SearchValues<byte> Wildcards = SearchValues.Create("+#"u8);

    /// <summary>
    /// At least one character, at most <see cref="MaxBytes"/>, a valid name (see <see cref="Utf8Text"/>) and no wildcard. Empty levels are levels.
    /// [MQTT-3.3.2-1] [MQTT-3.3.2-2] [MQTT-4.7.3-1] [MQTT-4.7.3-2] [MQTT5-3.3.2-1] [MQTT5-3.3.2-2] [MQTT5-4.7.3-1] [MQTT5-4.7.3-2]
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> topic)
    {
        if (topic.Length is 0 or > MaxBytes) return false;
        if (topic.IndexOfAnyExcept(PlainTopicBytes) < 0) return true;

        return !topic.ContainsAny(Wildcards) && !Utf8Text.HasControls(topic) && Utf8.IsValid(topic);
    }

    /// <summary>Number of levels of a topic or a filter: <c>/</c> has two.</summary>
    public static int CountLevels(ReadOnlySpan<byte> topic) => topic.Count((byte)'/') + 1;
}
