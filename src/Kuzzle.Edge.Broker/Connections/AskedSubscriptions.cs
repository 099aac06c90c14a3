using System.Text;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>Filters that the program's handlers are asked about: those of a SUBSCRIBE, and those of a session that is resumed.</summary>
internal sealed class AskedSubscriptions(BrokerCore core, ClientConnection connection, Session session, HandlerChain handlers)
{
    /// <summary>Asks about each filter of a packet that is not refused already.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="codes">What is said about each filter so far; changed in place.</param>
    /// <returns>The packet with the filters as the handlers want them; null when the connection is to end.</returns>
    public async ValueTask<SubscribePacket?> JudgeAsync(SubscribePacket packet, ReasonCode[] codes)
    {
        var requests = (SubscriptionRequest[])packet.Subscriptions.Clone();
        for (var i = 0; i < requests.Length; i++)
        {
            if (codes[i] != ReasonCode.Success) continue;

            var request = requests[i];
            var decision = await AskAsync(request.Filter, request.QualityOfService, isRestore: false).ConfigureAwait(false);
            switch (decision.Kind)
            {
                case SubscribeDecisionKind.Disconnect:
                    return null;
                case SubscribeDecisionKind.Refuse:
                    codes[i] = decision.Code;
                    break;
                case SubscribeDecisionKind.Allow:
                    requests[i] = request with { Filter = decision.Filter ?? request.Filter, QualityOfService = decision.Qos ?? request.QualityOfService };
                    if (requests[i].Filter != request.Filter) session.Rename(Encoding.UTF8.GetBytes(request.Filter), Encoding.UTF8.GetBytes(requests[i].Filter));
                    break;
                default:
                    var ruling = connection.Profile.JudgeSubscribe(connection, request.Filter);
                    if (ruling == SubscribeRuling.Disconnect) return null;
                    if (ruling == SubscribeRuling.Refuse) codes[i] = ReasonCode.NotAuthorized;
                    break;
            }
        }

        return packet with { Subscriptions = requests };
    }

    /// <summary>Asks about each filter of a session that is resumed, and changes the session to what is granted.</summary>
    /// <returns>The commit that knows what has changed.</returns>
    public async ValueTask<long> RestoreAsync()
    {
        var refused = new List<string>();
        var ticket = 0L;
        foreach (var (filter, options) in session.ListSubscriptions())
        {
            var decision = await AskAsync(Encoding.UTF8.GetString(filter), (QualityOfService)options.Qos, isRestore: true).ConfigureAwait(false);
            if (connection.IsEnding) return ticket;
            if (decision.Kind == SubscribeDecisionKind.Disconnect)
            {
                connection.Close(Ending.NotAllowed);
                return ticket;
            }

            ticket = Math.Max(ticket, Change(filter, options, decision));
            if (decision.Kind == SubscribeDecisionKind.Refuse) refused.Add(Encoding.UTF8.GetString(filter));
        }

        core.Events.Unsubscribed(connection.ClientId, refused, UnsubscribeCause.Refused);
        return ticket;
    }

    private long Change(byte[] filter, SubscriptionOptions options, in SubscribeDecision decision)
    {
        var granted = decision.Filter is { } other ? Encoding.UTF8.GetBytes(other) : filter;
        var isSame = granted.AsSpan().SequenceEqual(filter);
        if (decision.Kind == SubscribeDecisionKind.NoOpinion || (decision.Kind == SubscribeDecisionKind.Allow && isSame && (decision.Qos is null || (byte)decision.Qos == options.Qos)))
        {
            return 0;
        }

        var batch = core.Batches.Rent();
        try
        {
            batch.OweNothing();
            if (decision.Kind == SubscribeDecisionKind.Refuse || !isSame) _ = session.Unsubscribe(filter, batch);
            if (decision.Kind == SubscribeDecisionKind.Allow)
            {
                if (!isSame) session.Rename(filter, granted);
                lock (session.Gate) _ = session.Subscribe(granted, options with { Qos = (byte?)decision.Qos ?? options.Qos }, batch);
            }

            return batch.Owed;
        }
        finally
        {
            core.Batches.Finish(batch);
        }
    }

    private async ValueTask<SubscribeDecision> AskAsync(string filter, QualityOfService qos, bool isRestore)
    {
        var context = new SubscribeContext(connection.Handle, filter, qos, isRestore);
        var decision = await handlers.AuthorizeSubscribeAsync(context, connection.AskCancellable()).ConfigureAwait(false);
        return decision.Filter is { } granted && TopicName.CountLevels(Encoding.UTF8.GetBytes(granted)) > core.Options.MaxTopicLevels
            ? SubscribeDecision.Refuse(ReasonCode.TopicFilterInvalid)
            : decision;
    }
}
