using System.Text;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// What one client may do under one policy: the rules that are for it, with its names put in. Made once for a connection; asking costs a pass over the client's own
/// filters and no allocation.
/// </summary>
internal sealed class ClientRights
{
    private readonly Entry[] _read;
    private readonly Entry[] _write;
    private readonly Entry[] _deny;
    private readonly bool _hasList;

    public ClientRights(AccessPolicy policy, ClientIdentity identity, string clientId)
    {
        Policy = policy;
        _hasList = policy.Rules is not null;
        (_read, _write, _deny) = ([], [], []);
        if (policy.Rules is not { Count: > 0 } list) return;

        var rules = list.Where(rule => rule.Subjects.Any(subject => subject.Matches(identity, clientId))).ToList();
        _read = Entries(rules.SelectMany(rule => rule.Read).Select(pattern => pattern.Expand(identity, clientId)));
        _write = Entries(rules.SelectMany(rule => rule.Write).Select(pattern => pattern.Expand(identity, clientId)));
        _deny = Entries(rules.SelectMany(rule => rule.Deny).Select(pattern => pattern.ExpandWidely(identity, clientId)));
    }

    /// <summary>The policy they follow from.</summary>
    public AccessPolicy Policy { get; }

    public bool MayWrite(ReadOnlySpan<byte> topic) => !_hasList || (Contains(_write, topic) && !Contains(_deny, topic));

    public bool MayRead(ReadOnlySpan<byte> topic) => !_hasList || (Contains(_read, topic) && !Contains(_deny, topic));

    /// <summary>Whether there may be a topic that the filter matches and the client may read. (Several denials that only together leave nothing are not noticed.)</summary>
    public bool MayReadSome(string filter)
    {
        if (!_hasList) return true;

        if (filter.StartsWith("$share/", StringComparison.Ordinal)) filter = filter[(filter.IndexOf('/', "$share/".Length) + 1)..];

        foreach (var allowed in _read)
        {
            if (FilterSets.Intersect(filter, allowed.Filter) is { } common && !_deny.Any(denied => FilterSets.Covers(denied.Filter, common))) return true;
        }

        return false;
    }

    private static bool Contains(Entry[] entries, ReadOnlySpan<byte> topic)
    {
        foreach (var entry in entries)
        {
            if (TopicFilter.Matches(entry.Bytes, topic)) return true;
        }

        return false;
    }

    private static Entry[] Entries(IEnumerable<string?> filters) =>
        [.. filters.OfType<string>().Distinct(StringComparer.Ordinal).Select(filter => new Entry(filter, Encoding.UTF8.GetBytes(filter)))];

    private readonly record struct Entry(string Filter, byte[] Bytes);
}
