using System.Text;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>SUBSCRIBE and UNSUBSCRIBE.</summary>
internal sealed class SubscriptionHandler(ClientConnection connection, Session session)
{
    public Ending? OnSubscribe(SubscribePacket packet, DeliveryBatch batch)
    {
        var requests = packet.Subscriptions;
        var codes = new ReasonCode[requests.Length];
        for (var i = 0; i < requests.Length; i++)
        {
            if (requests[i] is { NoLocal: true, Filter: var filter } && filter.StartsWith("$share/", StringComparison.Ordinal))
            {
                return Ending.Because(ReasonCode.ProtocolError); // [MQTT5-3.8.3-4]
            }

            codes[i] = requests[i].Refusal;
            if (codes[i] != ReasonCode.Success) continue;

            var ruling = connection.Profile.JudgeSubscribe(connection, requests[i].Filter);
            if (ruling == SubscribeRuling.Disconnect) return Ending.NotAllowed;
            if (ruling == SubscribeRuling.Refuse) codes[i] = ReasonCode.NotAuthorized;
        }

        Subscribe(packet, codes, batch);
        batch.FlushIfLarge();
        return null;
    }

    public Ending? OnUnsubscribe(UnsubscribePacket packet, DeliveryBatch batch)
    {
        var codes = new ReasonCode[packet.Filters.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var filter = packet.Filters[i];
            codes[i] = filter.Refusal != ReasonCode.Success ? filter.Refusal
                : session.Unsubscribe(Encoding.UTF8.GetBytes(filter.Filter)) ? ReasonCode.Success
                : ReasonCode.NoSubscriptionExisted;
        }

        connection.Write(new UnsubackPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes }, batch);
        return null;
    }

    /// <summary>
    /// All filters, then the SUBACK, then the retained messages, while the session's lock keeps live messages out: nothing comes before the SUBACK that the
    /// client could not understand, and no retained message after a newer one.
    /// </summary>
    private void Subscribe(SubscribePacket packet, ReasonCode[] codes, DeliveryBatch batch)
    {
        var identifier = (int)(packet.Properties?.SubscriptionIdentifier ?? 0);
        var replays = new byte[]?[codes.Length];
        lock (session.Gate)
        {
            for (var i = 0; i < codes.Length; i++)
            {
                if (codes[i] != ReasonCode.Success) continue;

                var request = packet.Subscriptions[i];
                var filter = Encoding.UTF8.GetBytes(request.Filter);
                var outcome = session.Subscribe(
                    filter, new SubscriptionOptions(identifier, (byte)request.QualityOfService, request.NoLocal, request.RetainAsPublished));
                codes[i] = outcome == SubscribeOutcome.TooMany ? ReasonCode.QuotaExceeded : (ReasonCode)request.QualityOfService;
                if (WantsRetained(request.RetainHandling, outcome) && !SharedFilter.IsShared(filter)) replays[i] = filter;
            }

            connection.Write(new SubackPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes }, batch);
            foreach (var filter in replays)
            {
                if (filter is not null) session.ReplayRetained(filter, batch);
            }
        }
    }

    private static bool WantsRetained(RetainHandling handling, SubscribeOutcome outcome) => outcome switch
    {
        SubscribeOutcome.Added => handling != RetainHandling.SendNever,
        SubscribeOutcome.Renewed => handling == RetainHandling.SendAlways,
        _ => false,
    };
}
