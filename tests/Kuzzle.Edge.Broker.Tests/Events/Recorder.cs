using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Events;

/// <summary>Reads what a broker says of itself.</summary>
internal sealed class Recorder(IAsyncEnumerator<BrokerEvent> events)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Recorder Of(BrokerUnderTest broker, BrokerEventKinds kinds = BrokerEventKinds.Usual) =>
        new(broker.Broker.EventsAsync(kinds).GetAsyncEnumerator());

    public async Task<BrokerEvent> NextAsync()
    {
        (await events.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue("another event");
        return events.Current;
    }

    /// <summary>The next so many events, each as a few words.</summary>
    public async Task<string[]> NextAsync(int count)
    {
        var words = new List<string>();
        while (words.Count < count) words.Add(Describe(await NextAsync()));
        return [.. words];
    }

    /// <summary>Everything until the broker has stopped.</summary>
    public async Task<string[]> ToEndAsync()
    {
        var words = new List<string>();
        while (await events.MoveNextAsync().AsTask().WaitAsync(Patience)) words.Add(Describe(events.Current));
        return [.. words];
    }

    private static string Describe(BrokerEvent happened) => happened switch
    {
        ClientRegistered e => $"client {e.Client.ClientId}",
        ClientReady e => $"ready {e.Client.ClientId}",
        ClientDisconnected e => $"disconnect {e.Client.ClientId} {e.Cause}",
        ClientError e => $"error {e.Client.ClientId}",
        ConnectionError => "connection error",
        KeepAliveTimeout e => $"keep-alive {e.Client.ClientId}",
        MessagePublished e => $"publish {e.Message.Topic} by {e.Client?.ClientId ?? "nobody"}",
        MessageAcknowledged e => $"ack {e.Client.ClientId} {e.Message?.Topic}",
        Subscribed e => $"subscribe {e.Client.ClientId} {string.Join(' ', e.Outcomes.Select(outcome => $"{outcome.Filter}={(int)outcome.Code}"))}",
        Unsubscribed e => $"unsubscribe {e.ClientId} {string.Join(' ', e.Filters)} {e.Cause}",
        ConnackSent e => $"connack {e.Client.ClientId} {e.Code} {e.Presence}",
        PingReceived e => $"ping {e.Client.ClientId}",
        BrokerClosed => "closed",
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "an event of no known kind"),
    };
}
