namespace Kuzzle.Edge.Broker.Events;

/// <summary>Kinds of events, to say which ones are wanted.</summary>
[Flags]
public enum BrokerEventKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="Events.ClientRegistered"/>.</summary>
    ClientRegistered = 1,

    /// <summary><see cref="Events.ClientReady"/>.</summary>
    ClientReady = 2,

    /// <summary><see cref="Events.ClientDisconnected"/>.</summary>
    ClientDisconnected = 4,

    /// <summary><see cref="Events.ClientError"/>.</summary>
    ClientError = 8,

    /// <summary><see cref="Events.ConnectionError"/>.</summary>
    ConnectionError = 16,

    /// <summary><see cref="Events.KeepAliveTimeout"/>.</summary>
    KeepAliveTimeout = 32,

    /// <summary><see cref="Events.MessagePublished"/>.</summary>
    MessagePublished = 64,

    /// <summary><see cref="Events.MessageAcknowledged"/>.</summary>
    MessageAcknowledged = 128,

    /// <summary><see cref="Events.Subscribed"/>.</summary>
    Subscribed = 256,

    /// <summary><see cref="Events.Unsubscribed"/>.</summary>
    Unsubscribed = 512,

    /// <summary><see cref="Events.ConnackSent"/>.</summary>
    ConnackSent = 1024,

    /// <summary><see cref="Events.PingReceived"/>.</summary>
    PingReceived = 2048,

    /// <summary><see cref="Events.BrokerClosed"/>.</summary>
    BrokerClosed = 4096,

    /// <summary>With <see cref="MessagePublished"/>: also of the broker's own messages below <c>$SYS</c>.</summary>
    SystemMessages = 8192,

    /// <summary>All but <see cref="PingReceived"/> and <see cref="SystemMessages"/>.</summary>
    Usual = ClientRegistered | ClientReady | ClientDisconnected | ClientError | ConnectionError | KeepAliveTimeout | MessagePublished | MessageAcknowledged | Subscribed | Unsubscribed | ConnackSent | BrokerClosed,

    /// <summary>All.</summary>
    All = Usual | PingReceived | SystemMessages,
}
