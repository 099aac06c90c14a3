using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Server;

/// <summary>What happened within one interval, by protocol. Owned by the statistics and touched only under their lock.</summary>
internal sealed class StatisticsFrame
{
    private readonly SortedDictionary<string, long> _completed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _failed = new(StringComparer.Ordinal);

    /// <summary>When it was finished, in milliseconds since 1970.</summary>
    public long Timestamp { get; set; }

    /// <summary>The requests under way and the connections, as they were when it was finished.</summary>
    public (JsonObject Ongoing, JsonObject Connections)? Closing { get; set; }

    public bool IsEmpty => _completed.Count == 0 && _failed.Count == 0;

    public void Count(string protocol, bool hasFailed)
    {
        var counts = hasFailed ? _failed : _completed;
        counts[protocol] = counts.GetValueOrDefault(protocol) + 1;
    }

    public JsonObject ToJson(long timestamp, JsonObject ongoing, JsonObject connections) => new()
    {
        ["timestamp"] = timestamp,
        ["completedRequests"] = Show(_completed),
        ["failedRequests"] = Show(_failed),
        ["ongoingRequests"] = ongoing,
        ["connections"] = connections,
    };

    public static JsonObject Show(IEnumerable<KeyValuePair<string, long>> counts) => new(counts.Where(count => count.Value > 0).Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));
}
