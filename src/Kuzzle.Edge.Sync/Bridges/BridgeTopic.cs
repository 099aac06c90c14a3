using System.Text;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>Topics that a bridge carries, and what they are called on both sides.</summary>
/// <param name="Pattern">A topic filter, without the prefixes.</param>
/// <param name="Direction">Which way.</param>
public sealed record BridgeTopic(string Pattern, BridgeDirection Direction)
{
    /// <summary>What stands before the pattern here; may be empty, else it commonly ends with a slash.</summary>
    public string LocalPrefix { get; init; } = "";

    /// <summary>What stands before the pattern on the other side.</summary>
    public string RemotePrefix { get; init; } = "";

    /// <summary>The highest QoS. QoS 2 needs brokers that keep their sessions, on both sides; see docs/bridges.md.</summary>
    public QualityOfService QualityOfService { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>Whether messages that are retained on one side are retained on the other; else nothing that crosses is.</summary>
    public bool Retain { get; init; } = true;

    /// <summary>The filter here.</summary>
    public string LocalFilter => LocalPrefix + Pattern;

    /// <summary>The filter on the other side.</summary>
    public string RemoteFilter => RemotePrefix + Pattern;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault
    {
        get
        {
            if (HasWildcard(LocalPrefix) || HasWildcard(RemotePrefix)) return "a prefix must not hold '+' or '#'";
            if (!IsFilter(LocalFilter)) return $"'{LocalFilter}' is no topic filter";

            return IsFilter(RemoteFilter) ? null : $"'{RemoteFilter}' is no topic filter";
        }
    }

    /// <summary>Whether it carries this topic out.</summary>
    public bool TakesOut(string localTopic) => Takes(BridgeDirection.Out, LocalPrefix, Pattern, RemotePrefix, localTopic);

    /// <summary>Whether it carries this topic in.</summary>
    public bool TakesIn(string remoteTopic) => Takes(BridgeDirection.In, RemotePrefix, Pattern, LocalPrefix, remoteTopic);

    /// <summary>What a topic of here is called there.</summary>
    public string ToRemote(string localTopic) => RemotePrefix + localTopic[LocalPrefix.Length..];

    /// <summary>What a topic of there is called here.</summary>
    public string ToLocal(string remoteTopic) => LocalPrefix + remoteTopic[RemotePrefix.Length..];

    // The filter `x/#` sees `x`, too, which is shorter than the prefix `x/`; and without prefixes on the other side `x/` would have no name there.
    private bool Takes(BridgeDirection direction, string prefix, string pattern, string otherPrefix, string topic) =>
        Direction.HasFlag(direction)
        && topic.StartsWith(prefix, StringComparison.Ordinal)
        && topic.Length - prefix.Length + otherPrefix.Length > 0
        && TopicFilter.Matches(Encoding.UTF8.GetBytes(prefix + pattern), Encoding.UTF8.GetBytes(topic));

    private static bool IsFilter(string filter)
    {
        var bytes = Encoding.UTF8.GetBytes(filter);
        return TopicFilter.IsValid(bytes) && !TopicFilter.IsShared(bytes);
    }

    private static bool HasWildcard(string text) => text.AsSpan().ContainsAny('+', '#');
}
