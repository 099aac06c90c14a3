using System.Collections.Concurrent;
using Kuzzle.Edge.Broker.Events;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Sample;

/// <summary>Writes down what happens, every kind of event once.</summary>
internal sealed partial class SiteLog(ILogger<SiteLog> logger) : IBrokerObserver
{
    public BrokerEventKinds Watches => BrokerEventKinds.All;

    /// <summary>What was written.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    public ValueTask OnClientRegisteredAsync(ClientRegistered happened, CancellationToken cancellationToken) => SayAsync($"client {happened.Client.ClientId}");

    public ValueTask OnClientReadyAsync(ClientReady happened, CancellationToken cancellationToken) => SayAsync($"ready {happened.Client.ClientId}");

    public ValueTask OnClientDisconnectedAsync(ClientDisconnected happened, CancellationToken cancellationToken) => SayAsync($"disconnect {happened.Client.ClientId}");

    public ValueTask OnClientErrorAsync(ClientError happened, CancellationToken cancellationToken) => SayAsync($"error {happened.Client.ClientId}: {happened.Reason}");

    public ValueTask OnConnectionErrorAsync(ConnectionError happened, CancellationToken cancellationToken) => SayAsync($"connection error: {happened.Reason}");

    public ValueTask OnKeepAliveTimeoutAsync(KeepAliveTimeout happened, CancellationToken cancellationToken) => SayAsync($"keep-alive {happened.Client.ClientId}");

    public ValueTask OnMessagePublishedAsync(MessagePublished happened, CancellationToken cancellationToken) => SayAsync($"publish {happened.Message.Topic}");

    public ValueTask OnMessageAcknowledgedAsync(MessageAcknowledged happened, CancellationToken cancellationToken) => SayAsync($"ack {happened.Message?.Topic}");

    public ValueTask OnSubscribedAsync(Subscribed happened, CancellationToken cancellationToken) =>
        SayAsync($"subscribe {string.Join(' ', happened.Outcomes.Select(outcome => $"{outcome.Filter}={(int)outcome.Code}"))}");

    public ValueTask OnUnsubscribedAsync(Unsubscribed happened, CancellationToken cancellationToken) => SayAsync($"unsubscribe {string.Join(' ', happened.Filters)}");

    public ValueTask OnConnackSentAsync(ConnackSent happened, CancellationToken cancellationToken) => SayAsync($"connack {happened.Client.ClientId} {happened.Code}");

    public ValueTask OnPingReceivedAsync(PingReceived happened, CancellationToken cancellationToken) => SayAsync($"ping {happened.Client.ClientId}");

    public ValueTask OnBrokerClosedAsync(BrokerClosed happened, CancellationToken cancellationToken) => SayAsync("closed");

    public ValueTask SayAsync(string line)
    {
        Lines.Enqueue(line);
        LogLine(line);
        return default;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private partial void LogLine(string line);
}
