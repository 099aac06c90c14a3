using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>All subscriptions to one filter on one collection. Owned by the engine and touched only under its lock.</summary>
internal sealed class Room(string id, CollectionName collection)
{
    public string Id { get; } = id;

    public CollectionName Collection { get; } = collection;

    /// <summary>False once its last connection has left: then documents that are remembered to match it do so no more.</summary>
    public bool IsAlive => Members.Count > 0;

    /// <summary>Who is in it, each once however many channels it asked for, with the metadata of its first subscription.</summary>
    public Dictionary<ClientConnection, Member> Members { get; } = [];

    /// <summary>The channels that somebody has asked for, with how many have.</summary>
    public Dictionary<string, Channel> Channels { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> ChannelsFor(Func<ChannelOptions, bool> wants) => [.. Channels.Where(channel => wants(channel.Value.Options)).Select(channel => channel.Key)];

    /// <summary>A connection in the room.</summary>
    internal sealed record Member(JsonElement Volatile, HashSet<string> Channels);

    /// <summary>A channel of the room.</summary>
    internal sealed record Channel(ChannelOptions Options)
    {
        public int Subscribers { get; set; }
    }
}
