using System.Globalization;
using System.Text;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>SUBSCRIBE and UNSUBSCRIBE.</summary>
internal sealed class SubscriptionHandler(BrokerCore core, ClientConnection connection, Session session)
{
    /// <summary>SUBSCRIBE.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="batch">The caller's batch.</param>
    /// <param name="unfinished">What it waits for, or null.</param>
    /// <returns>Why the connection ends, or null.</returns>
    public Ending? OnSubscribe(SubscribePacket packet, DeliveryBatch batch, out Task<Ending?>? unfinished)
    {
        unfinished = null;
        if (connection.Dialect is { } dialect)
        {
            SubscribeTo(dialect, packet, batch);
            return null;
        }

        var requests = packet.Subscriptions;
        var codes = new ReasonCode[requests.Length];
        for (var i = 0; i < requests.Length; i++)
        {
            if (requests[i] is { NoLocal: true, Filter: var filter } && filter.StartsWith("$share/", StringComparison.Ordinal))
            {
                return Ending.Violation("A shared subscription cannot be without local messages (No Local). [MQTT5-3.8.3-4]");
            }

            codes[i] = requests[i].Refusal;
            if (codes[i] != ReasonCode.Success || core.Handlers is { JudgesSubscriptions: true }) continue;

            var ruling = connection.Profile.JudgeSubscribe(connection, requests[i].Filter);
            if (ruling == SubscribeRuling.Disconnect) return Ending.NotAllowed;
            if (ruling == SubscribeRuling.Refuse) codes[i] = ReasonCode.NotAuthorized;
        }

        if (core.Handlers is { JudgesSubscriptions: true } handlers) unfinished = AskAsync(packet, codes, handlers);
        else Subscribe(packet, codes, batch, out unfinished);
        batch.FlushIfLarge();
        return null;
    }

    /// <summary>UNSUBSCRIBE.</summary>
    /// <inheritdoc cref="OnSubscribe"/>
    public Ending? OnUnsubscribe(UnsubscribePacket packet, DeliveryBatch batch, out Task<Ending?>? unfinished)
    {
        unfinished = null;
        if (connection.Dialect is { } dialect)
        {
            UnsubscribeFrom(dialect, packet, batch);
            return null;
        }

        batch.OweNothing();
        var codes = new ReasonCode[packet.Filters.Length];
        var ended = new List<byte[]>();
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = packet.Filters[i].Refusal;
            if (codes[i] != ReasonCode.Success) continue;

            var filter = session.NameOf(Encoding.UTF8.GetBytes(packet.Filters[i].Filter));
            if (session.Unsubscribe(filter, batch)) ended.Add(filter);
            else codes[i] = ReasonCode.NoSubscriptionExisted;
        }

        var answer = new UnsubackPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes, Properties = connection.Explain(WhyOf(codes)) };
        unfinished = core.Journal.IsCommitted(batch.Owed) ? null : AnswerLaterAsync(batch.Owed, later => connection.Write(answer, later));
        if (unfinished is null) connection.Write(answer, batch);
        if (core.Events.WatchesSubscriptions) core.Events.Unsubscribed(connection.ClientId, [.. ended.Select(Encoding.UTF8.GetString)], UnsubscribeCause.Requested);
        return null;
    }

    private void SubscribeTo(IDialectProfile dialect, SubscribePacket packet, DeliveryBatch batch)
    {
        var hasIdentifier = packet.Properties?.SubscriptionIdentifier is not null;
        var codes = Array.ConvertAll(packet.Subscriptions, request => dialect.Subscribe(connection, request.Filter, hasIdentifier));
        foreach (var code in codes)
        {
            if (code >= ReasonCode.UnspecifiedError) core.Metrics.SubscriptionsRefused.Count(code);
        }

        connection.Write(new SubackPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes, Properties = connection.Explain(WhyOf(codes)) }, batch);
        core.Events.Subscribed(connection, () => OutcomesOf(packet, codes));
        dialect.OnSubscriptionsAnswered(connection);
    }

    private void UnsubscribeFrom(IDialectProfile dialect, UnsubscribePacket packet, DeliveryBatch batch)
    {
        var codes = Array.ConvertAll(
            packet.Filters, filter => dialect.Unsubscribe(connection, filter.Filter) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
        connection.Write(new UnsubackPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes }, batch);
        if (core.Events.WatchesSubscriptions)
        {
            var ended = packet.Filters.Where((_, index) => codes[index] == ReasonCode.Success).Select(filter => filter.Filter);
            core.Events.Unsubscribed(connection.ClientId, [.. ended], UnsubscribeCause.Requested);
        }

        dialect.OnSubscriptionsAnswered(connection);
    }

    /// <summary>
    /// All filters, then the SUBACK, then the retained messages, while the session's lock keeps live messages out: nothing comes before the SUBACK that the
    /// client could not understand, and no retained message after a newer one. The SUBACK of a session that is stored waits until the subscriptions are.
    /// </summary>
    private void Subscribe(SubscribePacket packet, ReasonCode[] codes, DeliveryBatch batch, out Task<Ending?>? unfinished)
    {
        unfinished = null;
        var identifier = (int)(packet.Properties?.SubscriptionIdentifier ?? 0);
        var replays = new byte[]?[codes.Length];
        batch.OweNothing();
        lock (session.Gate)
        {
            for (var i = 0; i < codes.Length; i++)
            {
                if (codes[i] != ReasonCode.Success) continue;

                var request = packet.Subscriptions[i];
                var filter = Encoding.UTF8.GetBytes(request.Filter);
                var isBridges = connection.IsBridge && !SharedFilter.IsShared(filter);
                var options = new SubscriptionOptions(
                    identifier, (byte)request.QualityOfService, request.NoLocal || isBridges, request.RetainAsPublished || connection.IsBridge);
                var outcome = session.Subscribe(filter, options, batch);
                codes[i] = outcome == SubscribeOutcome.TooMany ? ReasonCode.QuotaExceeded : (ReasonCode)request.QualityOfService;
                if (WantsRetained(request.RetainHandling, outcome) && !SharedFilter.IsShared(filter)) replays[i] = filter;
            }

            foreach (var code in codes)
            {
                if (code >= ReasonCode.UnspecifiedError) core.Metrics.SubscriptionsRefused.Count(code);
            }

            var answer = new SubackPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes, Properties = connection.Explain(WhyOf(codes)) };
            if (core.Journal.IsCommitted(batch.Owed)) Answer(answer, replays, batch);
            else unfinished = SubscribedLaterAsync(AnswerLaterAsync(batch.Owed, later => Answer(answer, replays, later)), packet, codes);
        }

        if (unfinished is null) core.Events.Subscribed(connection, () => OutcomesOf(packet, codes));
    }

    private async Task<Ending?> AskAsync(SubscribePacket packet, ReasonCode[] codes, HandlerChain handlers)
    {
        if (await new AskedSubscriptions(core, connection, session, handlers).JudgeAsync(packet, codes).ConfigureAwait(false) is not { } granted) return Ending.NotAllowed;
        if (connection.IsEnding) return null;

        var batch = core.Batches.Rent();
        Subscribe(granted, codes, batch, out var unfinished);
        core.Batches.Finish(batch);
        return unfinished is null ? null : await unfinished.ConfigureAwait(false);
    }

    private async Task<Ending?> SubscribedLaterAsync(Task<Ending?> answering, SubscribePacket packet, ReasonCode[] codes)
    {
        var ending = await answering.ConfigureAwait(false);
        core.Events.Subscribed(connection, () => OutcomesOf(packet, codes));
        return ending;
    }

    /// <summary>Each filter once; of equal ones the last counts.</summary>
    private static List<SubscriptionOutcome> OutcomesOf(SubscribePacket packet, ReasonCode[] codes)
    {
        var outcomes = new List<SubscriptionOutcome>(codes.Length);
        for (var i = 0; i < codes.Length; i++)
        {
            var filter = packet.Subscriptions[i].Filter;
            _ = outcomes.RemoveAll(earlier => earlier.Filter == filter);
            outcomes.Add(new SubscriptionOutcome(filter, codes[i]));
        }

        return outcomes;
    }

    private void Answer(SubackPacket answer, byte[]?[] replays, DeliveryBatch batch)
    {
        connection.Write(answer, batch);
        foreach (var filter in replays)
        {
            if (filter is not null) session.ReplayRetained(filter, batch);
        }
    }

    private async Task<Ending?> AnswerLaterAsync(long ticket, Action<DeliveryBatch> answer)
    {
        await core.Journal.WhenCommittedAsync(ticket).WaitAsync(connection.Ask()).ConfigureAwait(false);
        var batch = core.Batches.Rent();
        lock (session.Gate) answer(batch);
        core.Batches.Finish(batch);
        return null;
    }

    /// <summary>A sentence about the first filter that was refused, or null.</summary>
    private string? WhyOf(ReasonCode[] codes)
    {
        var first = Array.FindIndex(codes, static code => code >= ReasonCode.UnspecifiedError);
        return first < 0 ? null : codes[first] switch
        {
            ReasonCode.NotAuthorized => Sentence($"Filter {first + 1}: this client may not subscribe to it."),
            ReasonCode.QuotaExceeded => Sentence($"Filter {first + 1}: a session may have {core.Options.MaxSubscriptionsPerSession} subscriptions."),
            ReasonCode.SubscriptionIdentifiersNotSupported => "There are no subscription identifiers here.",
            ReasonCode.TopicFilterInvalid => Sentence($"Filter {first + 1}: it is not well formed, or has more than {core.Options.MaxTopicLevels} levels."),
            _ => Sentence($"Filter {first + 1} was refused."),
        };

        static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    private static bool WantsRetained(RetainHandling handling, SubscribeOutcome outcome) => outcome switch
    {
        SubscribeOutcome.Added => handling != RetainHandling.SendNever,
        SubscribeOutcome.Renewed => handling == RetainHandling.SendAlways,
        _ => false,
    };
}
