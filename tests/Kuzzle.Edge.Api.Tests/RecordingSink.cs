using System.Text.Json;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests;

/// <summary>Keeps what it is told to send; throws instead as long as it is told to.</summary>
internal sealed class RecordingSink : INotificationSink
{
    public List<Notification> Sent { get; } = [];

    public List<(ClientConnection Connection, string Channel)> Joined { get; } = [];

    public bool IsBroken { get; set; }

    public void Join(ClientConnection connection, string channel) => Joined.Add((connection, channel));

    public void Leave(ClientConnection connection, string channel) => Joined.Remove((connection, channel));

    public void Broadcast(Notification notification)
    {
        if (IsBroken) throw new InvalidOperationException("The sink is broken.");
        Sent.Add(notification);
    }

    public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json) => Sent.Add(new Notification([channel], json));

    /// <summary>What was sent on a channel since the last call, and on no other list again.</summary>
    public List<JsonElement> TakeFrom(string channel)
    {
        var found = Sent.Where(notification => notification.Channels.Contains(channel)).Select(notification => JsonElement.Parse(notification.Json.Span)).ToList();
        Sent.Clear();
        return found;
    }
}
