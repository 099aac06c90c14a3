namespace Kuzzle.Edge.Mqtt.Topics;

/// <summary>Rules of the filter of a subscription.</summary>
public static class TopicFilter
{
    private static ReadOnlySpan<byte> SharePrefix => "$share/"u8;

    /// <summary>
    /// At least one character, at most <see cref="TopicName.MaxBytes"/>, a valid name (see <see cref="Utf8Text"/>), and <see cref="IsWellFormed"/>.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> filter) =>
        filter.Length is not 0 and <= TopicName.MaxBytes && Utf8Text.IsValidName(filter) && IsWellFormed(filter);

    /// <summary>
    /// Whether the wildcards stand where they may: <c>#</c> last and alone in its level, <c>+</c> alone; and, when it begins with <c>$share/</c>, whether
    /// group and filter follow. Says nothing of the characters between. [MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT5-4.7.1-1] [MQTT5-4.7.1-2] [MQTT5-4.8.2-1]
    /// [MQTT5-4.8.2-2]
    /// </summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> filter)
    {
        if (!IsShared(filter)) return filter.Length > 0 && WildcardsStandAlone(filter);

        return TryParseShared(filter, out _, out _);
    }

    /// <summary>Whether the filter asks for a shared subscription, well formed or not.</summary>
    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(SharePrefix);

    /// <summary>Whether the filter (without a share prefix) has a wildcard.</summary>
    public static bool HasWildcards(ReadOnlySpan<byte> filter) => filter.ContainsAny((byte)'+', (byte)'#');

    /// <summary>
    /// Splits <c>$share/GROUP/FILTER</c>. False when the filter is not shared, when the group is empty or holds a wildcard, or when the filter behind it
    /// is empty or not well formed. [MQTT5-4.8.2-1] [MQTT5-4.8.2-2]
    /// </summary>
    public static bool TryParseShared(ReadOnlySpan<byte> filter, out ReadOnlySpan<byte> group, out ReadOnlySpan<byte> plainFilter)
    {
        group = plainFilter = default;
        if (!IsShared(filter)) return false;

        var rest = filter[SharePrefix.Length..];
        var slash = rest.IndexOf((byte)'/');
        if (slash <= 0 || slash == rest.Length - 1) return false;
        if (HasWildcards(rest[..slash]) || !WildcardsStandAlone(rest[(slash + 1)..])) return false;

        group = rest[..slash];
        plainFilter = rest[(slash + 1)..];
        return true;
    }

    /// <summary>
    /// Whether a topic is seen by a well-formed filter; a shared filter must be given without its prefix. One pass, no recursion, nothing allocated: slow
    /// only in that it sees one filter at a time. [MQTT-4.7.2-1] [MQTT-4.7.3-4] [MQTT5-4.7.2-1] [MQTT5-4.7.3-4]
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (topic is [(byte)'$', ..] && filter is [(byte)'+' or (byte)'#', ..]) return false;

        while (true)
        {
            var filterSlash = filter.IndexOf((byte)'/');
            var topicSlash = topic.IndexOf((byte)'/');
            var wanted = filterSlash < 0 ? filter : filter[..filterSlash];
            var level = topicSlash < 0 ? topic : topic[..topicSlash];

            if (wanted is [(byte)'#']) return true;
            if (wanted is not [(byte)'+'] && !wanted.SequenceEqual(level)) return false;

            if (topicSlash < 0) return filterSlash < 0 || filter[(filterSlash + 1)..] is [(byte)'#']; // `sport/#` sees `sport`, too
            if (filterSlash < 0) return false;

            filter = filter[(filterSlash + 1)..];
            topic = topic[(topicSlash + 1)..];
        }
    }

    private static bool WildcardsStandAlone(ReadOnlySpan<byte> filter)
    {
        for (var start = 0; ;)
        {
            var offset = filter[start..].IndexOfAny((byte)'+', (byte)'#');
            if (offset < 0) return true;

            var at = start + offset;
            if (at > 0 && filter[at - 1] != (byte)'/') return false;

            var isLast = at == filter.Length - 1;
            if (filter[at] == (byte)'#' ? !isLast : !isLast && filter[at + 1] != (byte)'/') return false;

            start = at + 1;
        }
    }
}
