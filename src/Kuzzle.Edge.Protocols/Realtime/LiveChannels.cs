using System.Collections.Concurrent;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.Realtime;

/// <summary>
/// The names of the channels that any connection of any protocol asked for: on these, notifications are published, and clients may not forge them.
/// One for the whole process, shared by its sinks. Safe from any thread.
/// </summary>
public sealed class LiveChannels
{
    private readonly ConcurrentDictionary<string, HashSet<ClientConnection>> _channels = new(StringComparer.Ordinal);

    /// <summary>True while somebody listens on a channel of that name.</summary>
    public bool Contains(ReadOnlySpan<char> channel) => _channels.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(channel);

    /// <summary>True when nobody listens on a channel of that name, for then it is none, or when this connection does.</summary>
    internal bool IsOpenTo(ReadOnlySpan<char> channel, ClientConnection connection)
    {
        if (!_channels.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(channel, out var members)) return true;
        lock (members) return members.Contains(connection);
    }

    internal void Join(ClientConnection connection, string channel)
    {
        while (true)
        {
            var members = _channels.GetOrAdd(channel, static _ => []);
            lock (members)
            {
                // Emptied and removed between the two lines above: the next round makes a new set.
                if (!_channels.TryGetValue(channel, out var current) || current != members) continue;

                members.Add(connection);
                return;
            }
        }
    }

    internal void Leave(ClientConnection connection, string channel)
    {
        if (!_channels.TryGetValue(channel, out var members)) return;

        lock (members)
        {
            if (members.Remove(connection) && members.Count == 0) _channels.TryRemove(new(channel, members));
        }
    }
}
