using System.Globalization;
using System.Text;
using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Testing.BrokerStores;

/// <summary>What a store holds, as text: two stores hold the same when it is the same, and otherwise the difference can be read.</summary>
public static class StoredBrokerText
{
    /// <summary>Everything but the last number. What has no order by itself is in the order of its bytes; deliveries are in the order in which they are given.</summary>
    public static string ToText(this StoredBroker broker)
    {
        var text = new StringBuilder();
        Line(text, $"committed {broker.CommittedAt?.UtcTicks}");
        foreach (var session in broker.Sessions.OrderBy(session => session.Session.Number)) Add(text, session);
        foreach (var line in broker.Retained.Select(message => $"retained {Text(message)}").Order(StringComparer.Ordinal)) Line(text, $"{line}");
        return text.ToString();
    }

    private static void Add(StringBuilder text, LoadedSession loaded)
    {
        var session = loaded.Session;
        Line(text, $"session {session.Number} '{session.ClientId}' of {session.Owner ?? "nobody"} expiry {session.ExpirySeconds} away {session.DisconnectedAt?.UtcTicks} {Text(session.Will)}");
        var subscriptions = loaded.Subscriptions.Select(
            subscription =>
                $"  filter {Hex(subscription.Filter)} id {subscription.Identifier} qos {subscription.Qos} {subscription.NoLocal} {subscription.RetainAsPublished}");
        foreach (var line in subscriptions.Order(StringComparer.Ordinal)) Line(text, $"{line}");
        foreach (var received in loaded.Received.OrderBy(received => received.PacketIdentifier))
        {
            Line(text, $"  received {received.Session} {received.PacketIdentifier} {received.IsOwned} {Text(received.Held)}");
        }

        foreach (var change in loaded.Deliveries)
        {
            var delivery = change.Delivery;
            Line(text, $"  delivery {delivery.Session} {delivery.Sequence} {(change.IsNew ? "new " : "")}{change.State} {change.PacketIdentifier} {Text(delivery)}");
        }
    }

    private static string Text(StoredDelivery delivery) =>
        $"qos {delivery.Qos} {delivery.Retain} [{string.Join(' ', delivery.SubscriptionIdentifiers.ToArray())}] {Hex(delivery.Group)} {Text(delivery.Message)}";

    private static string Text(StoredWill? will) => will is null ? "no will" : $"will {will.DelaySeconds} {will.ExpirySeconds} {Text(will.Message)}";

    private static string Text(StoredMessage? message) => message is null
        ? "no message"
        : $"{Hex(message.Topic)} number {message.Number} {Hex(message.Properties)} {Hex(message.Payload)} {message.Qos} {message.Retain} {message.ExpiresAt?.UtcTicks} by {message.Publisher ?? "nobody"}";

    private static string Hex(ReadOnlyMemory<byte> bytes) => $"x{Convert.ToHexString(bytes.Span)}";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
