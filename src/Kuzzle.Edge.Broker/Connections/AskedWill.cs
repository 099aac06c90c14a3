using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>A will that the program's handlers are asked about. Each is asked about once.</summary>
internal static partial class AskedWill
{
    /// <summary>Asks whether a will may be published.</summary>
    /// <param name="core">The broker.</param>
    /// <param name="will">The will.</param>
    /// <param name="client">Whose it is; null when its connection has long ended.</param>
    /// <returns>The will as it is to be published, or null.</returns>
    public static async ValueTask<Will?> JudgeAsync(BrokerCore core, Will will, ClientConnection? client)
    {
        if (will.IsJudged || core.Handlers is not { SeesPublications: true } handlers) return will;

        using var asking = new CancellationTokenSource();
        var message = MessageEncoding.Read(will.Publication, will.ExpirySeconds);
        var context = new PublishContext(client?.Handle, message, isWill: true, core.Options.MaxTopicLevels);
        var decision = await handlers.AuthorizePublishAsync(context, asking).ConfigureAwait(false);
        var isReserved = PacketHandler.IsOfTheBroker(will.Publication.Topic.Span) && decision.Kind != PublishDecisionKind.AllowReserved;
        if (decision.Kind is PublishDecisionKind.Refuse or PublishDecisionKind.Drop || (client is null && isReserved))
        {
            LogRefused(core.Logger, will.Session.ClientId, context.Message.Topic, decision.Reason);
            core.Metrics.Dropped(DropReason.Refused);
            return null;
        }

        if (context.IsChanged) will = Exchange(core, will, context.Message);
        return will with { IsJudged = true, Decision = decision.Kind };
    }

    /// <summary>Tells the handlers of a will that was published.</summary>
    public static async ValueTask TellAsync(BrokerCore core, Will will, BrokerClient? client)
    {
        if (core.Handlers is not { HearsPublished: true } handlers || will.Taker is not null) return;

        using var asking = new CancellationTokenSource();
        _ = await handlers.PublishedAsync(new PublishedContext(client, MessageEncoding.Read(will.Publication, will.ExpirySeconds)), asking).ConfigureAwait(false);
    }

    private static Will Exchange(BrokerCore core, Will will, MqttMessage message)
    {
        var batch = core.Batches.Rent();
        try
        {
            var publication = MessageEncoding.View(message with { ExpirySeconds = null }, batch).Keep();
            return will with { Publication = publication, ExpirySeconds = message.ExpirySeconds };
        }
        finally
        {
            core.Batches.Finish(batch);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Client {ClientId}: a handler refuses its will on {Topic}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string clientId, string topic, string? reason);
}
