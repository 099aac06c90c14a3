using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// A client's message that the program's handlers are asked about: before it is routed, and before it is acknowledged. The client's next packet waits until then.
/// </summary>
internal sealed partial class AskedPublication(BrokerCore core, ClientConnection connection, PacketHandler packets, HandlerChain handlers)
{
    /// <summary>Handles it to its acknowledgement.</summary>
    /// <returns>Why the connection ends, or null.</returns>
    public async Task<Ending?> HandleAsync(MqttMessage message, Arrival arrival)
    {
        var asking = connection.AskCancellable();
        await handlers.EnterAsync(asking.Token).ConfigureAwait(false);
        try
        {
            var context = new PublishContext(connection.Handle, message, isWill: false, core.Options.MaxTopicLevels);
            var decision = await handlers.AuthorizePublishAsync(context, asking).ConfigureAwait(false);
            if (connection.IsEnding) return null;

            if (decision.Kind == PublishDecisionKind.Refuse) return Refuse(context, decision, arrival);
            if (decision.Kind == PublishDecisionKind.Drop)
            {
                Settle(PublishOutcome.Dropped, arrival);
                return null;
            }

            var ending = Route(context.Message, decision.Kind, arrival, out var outcome);
            if (ending is not null) return ending;

            if (outcome.IsRouted && !await TellAsync(context.Message).ConfigureAwait(false))
            {
                if (connection.IsEnding) return null;

                // It sends a QoS 1 message again once it is back, and the handler gets another try; at QoS 2 that would be a second message for everybody.
                if (!connection.IsVersion5) return Ending.NotHandled;

                var ticket = arrival.Qos == QualityOfService.ExactlyOnce ? packets.Disown(arrival.Identifier) : 0;
                outcome = outcome with { Reason = ReasonCode.ImplementationSpecificError, Ticket = Math.Max(outcome.Ticket, ticket) };
            }

            Settle(outcome, arrival);
            return null;
        }
        finally
        {
            handlers.Leave();
        }
    }

    private ValueTask<bool> TellAsync(MqttMessage message) =>
        handlers.HearsPublished ? handlers.PublishedAsync(new PublishedContext(connection.Handle, message), connection.AskCancellable()) : new(true);

    private Ending? Route(MqttMessage message, PublishDecisionKind decision, Arrival arrival, out PublishOutcome outcome)
    {
        var batch = core.Batches.Rent();
        try
        {
            batch.OweNothing();
            var publication = MessageEncoding.View(message, batch);
            return packets.Accept(publication, arrival, RulingOf(connection, publication, decision, PublicationKind.Live), batch, out outcome);
        }
        finally
        {
            core.Batches.Finish(batch);
        }
    }

    /// <summary>What a decision makes of the listener's rules. Nobody gets below <c>$SYS</c> by accident, and what belongs to a dialect stays with it.</summary>
    public static PublishRuling RulingOf(ClientConnection connection, Publication publication, PublishDecisionKind decision, PublicationKind kind)
    {
        var ruling = connection.Profile.JudgePublish(connection, publication.Topic.Span, isWill: kind == PublicationKind.Will);
        if (ruling == PublishRuling.Take) return ruling;
        if (decision != PublishDecisionKind.NoOpinion) ruling = PublishRuling.Route;
        if (decision != PublishDecisionKind.AllowReserved && ruling == PublishRuling.Route && PacketHandler.IsReserved(connection, publication.Topic.Span))
        {
            ruling = PublishRuling.Refuse;
        }

        return ruling;
    }

    private Ending? Refuse(PublishContext context, in PublishDecision decision, Arrival arrival)
    {
        LogRefused(core.Logger, connection.ClientId, context.Message.Topic, decision.Reason);
        core.Metrics.Dropped(Metrics.DropReason.Refused);
        if (decision.Mode == RefuseMode.Disconnect || (decision.Mode == RefuseMode.ByVersion && !connection.IsVersion5))
        {
            connection.FaultText = decision.Reason;
            return Ending.NotAllowed;
        }

        Settle(new PublishOutcome(decision.Code, IsRouted: false, null, 0), arrival);
        return null;
    }

    private void Settle(in PublishOutcome outcome, Arrival arrival)
    {
        var batch = core.Batches.Rent();
        packets.Acknowledge(arrival, outcome, batch);
        core.Batches.Finish(batch);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Client {ClientId}: a handler refuses its message on {Topic}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string clientId, string topic, string? reason);
}
