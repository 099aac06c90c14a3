using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests.Hostile;

/// <summary>Keeps what it is told to send; throws instead as long as it is told to.</summary>
internal sealed class RecordingSink : INotificationSink
{
    public List<Notification> Sent { get; } = [];

    public bool IsBroken { get; set; }

    public void Join(ClientConnection connection, string channel)
    {
    }

    public void Leave(ClientConnection connection, string channel)
    {
    }

    public void Broadcast(Notification notification)
    {
        if (IsBroken) throw new InvalidOperationException("The sink is broken.");
        Sent.Add(notification);
    }

    public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json)
    {
    }
}
