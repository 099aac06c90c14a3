using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kuzzle.Edge.Testing.Transcripts;

/// <summary>
/// Compares answers with recorded ones: by meaning, where the recording says that a value differs from run to run or that a client may not rely on it.
/// Remembers which of our identifiers stands for which recorded one, so that a mix-up is a difference.
/// </summary>
public sealed partial class AnswerComparison
{
    private static readonly HashSet<string> NotCompared = new(StringComparer.Ordinal) { "requestId", "headers", "node", "message", "stack", "deprecations" };
    private static readonly HashSet<string> NullIsAbsent = new(StringComparer.Ordinal) { "index", "collection", "result" };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> _ours = new(StringComparer.Ordinal);

    /// <summary>The request with our identifiers in place of the recorded ones.</summary>
    public JsonObject Adapt(JsonObject request)
    {
        var text = request.ToJsonString(Plain);
        foreach (var (recorded, ours) in _ours) text = text.Replace($"\"{recorded}\"", $"\"{ours}\"", StringComparison.Ordinal);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Our name for a recorded channel.</summary>
    public string Adapt(string channel)
    {
        var (room, suffix) = Split(channel);
        return _ours.GetValueOrDefault(room, room) + suffix;
    }

    /// <summary>The first difference in words, or null.</summary>
    public string? FindDifference(JsonObject recorded, JsonObject ours) => FindDifference(recorded, ours, "");

    private string? FindDifference(JsonNode? recorded, JsonNode? ours, string path)
    {
        switch (recorded)
        {
            case JsonObject expected when ours is JsonObject actual:
                return FindDifference(expected, actual, path);
            case JsonArray expected when ours is JsonArray actual:
                if (path == "result.hits" && expected.All(IsRight)) return FindRightsDifference(expected, actual, path);
                if (expected.Count != actual.Count) return $"{path}: {expected.Count} elements recorded, {actual.Count} here: {actual.ToJsonString()}";
                return Enumerable.Range(0, expected.Count).Select(i => FindDifference(expected[i], actual[i], $"{path}[{i}]")).FirstOrDefault(found => found is not null);
            case JsonValue expected when expected.TryGetValue<string>(out var text) && IsVariable(text):
                return FindVariableDifference(text, ours, path);
            default:
                return AreEqual(recorded, ours) ? null : $"{path}: {Show(recorded)} recorded, {Show(ours)} here";
        }
    }

    private string? FindDifference(JsonObject recorded, JsonObject ours, string path)
    {
        foreach (var (name, expected) in recorded)
        {
            if (NotCompared.Contains(name)) continue;

            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (!TryGetMember(ours, name, out var key)) return $"{at}: recorded, absent here";
            var isScrolled = at == "result.hits" && recorded.ContainsKey("scrollId");
            if ((isScrolled ? FindPageDifference(expected, ours[key], at) : FindDifference(expected, ours[key], at)) is { } difference) return difference;
        }

        foreach (var (name, actual) in ours)
        {
            if (NotCompared.Contains(name) || recorded.ContainsKey(name) || _ours.ContainsValue(name)) continue;
            if (actual is null && NullIsAbsent.Contains(name)) continue;
            return $"{(path.Length == 0 ? name : $"{path}.{name}")}: absent in the recording, {Show(actual)} here";
        }

        return null;
    }

    /// <summary>The recorded server's store did not sort by <c>_id</c>, so its pages hold other documents of the same collection than a sorted scroll's.</summary>
    private static string? FindPageDifference(JsonNode? recorded, JsonNode? ours, string path)
    {
        var (first, second) = (Shapes(recorded), Shapes(ours));
        return first == second ? null : $"{path}: {first} recorded, {second} here";

        static string Shapes(JsonNode? page) => string.Join('\n', page!.AsArray().Select(hit => string.Join(' ', hit!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal))));
    }

    /// <summary>Rights come in no order: the real server's is that of its hashes.</summary>
    private static string? FindRightsDifference(JsonArray recorded, JsonArray ours, string path)
    {
        var (first, second) = (Sorted(recorded), Sorted(ours));
        return first == second ? null : $"{path}: {first} recorded, {second} here";

        static string Sorted(JsonArray rights) => string.Join('\n', rights.Select(right => string.Join(' ', right!.AsObject().OrderBy(member => member.Key, StringComparer.Ordinal))).Order(StringComparer.Ordinal));
    }

    private static bool IsRight(JsonNode? node) => node is JsonObject right && right["value"]?.ToString() is "allowed" or "denied";

    private bool TryGetMember(JsonObject ours, string recorded, out string key)
    {
        key = _ours.GetValueOrDefault(recorded, recorded);
        return ours.ContainsKey(key);
    }

    private string? FindVariableDifference(string recorded, JsonNode? ours, string path)
    {
        if (recorded == "<epochMs>") return ours is JsonValue time && time.TryGetValue<long>(out var ms) && ms > 0 ? null : $"{path}: a time recorded, {Show(ours)} here";
        if (ours is not JsonValue value || !value.TryGetValue<string>(out var text)) return $"{path}: {recorded} recorded, {Show(ours)} here";
        if (recorded == "<scrollId>") _ours[recorded] = text; // The newest: the requests that follow mean it.
        if (recorded == "kuid-<uuid>") return text.StartsWith("kuid-", StringComparison.Ordinal) && Guid.TryParse(text.AsSpan(5), out _) ? null : $"{path}: {recorded} recorded, {text} here";
        if (recorded.StartsWith('<')) return text.Length > 0 ? null : $"{path}: {recorded} recorded, nothing here";

        // An identifier of the server's own making, perhaps with a suffix that is not.
        var (id, suffix) = Split(recorded);
        if (!text.EndsWith(suffix, StringComparison.Ordinal)) return $"{path}: ends in {suffix} in the recording, {text} here";

        var ourId = text[..^suffix.Length];
        if (_ours.TryAdd(id, ourId)) return null;
        return _ours[id] == ourId ? null : $"{path}: {_ours[id]} stood for {id} before, {ourId} now";
    }

    private static bool IsVariable(string text) => text.StartsWith('<') || text == "kuid-<uuid>" || RoomOrChannel().IsMatch(text) || GeneratedId().IsMatch(text);

    private static (string Id, string Suffix) Split(string text)
    {
        var at = text.Length > 64 ? 64 : text.Length;
        return (text[..at], text[at..]);
    }

    private static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        if (left is JsonValue first && right is JsonValue second && first.TryGetValue<double>(out var x) && second.TryGetValue<double>(out var y)) return x == y;
        return JsonNode.DeepEquals(left, right);
    }

    private static string Show(JsonNode? node) => node?.ToJsonString() ?? "null";

    [GeneratedRegex("^[0-9a-f]{64}(-[0-9]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RoomOrChannel();

    [GeneratedRegex("^AXmwp[0-9A-Za-z]{10,16}$", RegexOptions.NonBacktracking)]
    private static partial Regex GeneratedId();
}
