using System.Globalization;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>What the server has said in CONNACK, with the standard's defaults where it was silent. (5.0, 3.2.2.3)</summary>
public sealed record ServerLimits
{
    private ServerLimits(MqttClientOptions options, ConnackPacket connack)
    {
        var properties = connack.Properties;
        SessionPresent = connack.SessionPresent;
        ClientId = properties?.AssignedClientIdentifier ?? options.ClientId;
        KeepAlive = properties?.ServerKeepAlive is { } seconds ? TimeSpan.FromSeconds(seconds) : options.KeepAlive;
        SessionExpirySeconds = properties?.SessionExpiryInterval ?? options.SessionExpirySeconds;
        InFlight = Math.Min(properties?.ReceiveMaximum ?? 65_535, options.MaxInFlight);
        MaxPacketBytes = properties?.MaximumPacketSize ?? PacketLimits.LargestPossiblePacket;
        MaxMessageBytes = Math.Min(MaxPacketBytes, options.MaxSentPacketBytes);
        Aliases = Math.Min(properties?.TopicAliasMaximum ?? 0, options.MaxOutgoingAliases);
        MaximumQoS = (QualityOfService)(properties?.MaximumQoS ?? 2);
        RetainAvailable = properties?.RetainAvailable != 0;
        WildcardSubscriptions = properties?.WildcardSubscriptionAvailable != 0;
        SharedSubscriptions = options.Version == MqttVersion.V5 && properties?.SharedSubscriptionAvailable != 0;
        SubscriptionIdentifiers = options.Version == MqttVersion.V5 && properties?.SubscriptionIdentifierAvailable != 0;
    }

    /// <summary>Whether the server had a session, with its subscriptions.</summary>
    public bool SessionPresent { get; }

    /// <summary>The identifier in use: the client's, or the one that the server chose.</summary>
    public string ClientId { get; }

    /// <summary>The keep-alive in use.</summary>
    public TimeSpan KeepAlive { get; }

    /// <summary>How long the server keeps the session.</summary>
    public uint SessionExpirySeconds { get; }

    /// <summary>How many messages of QoS 1 and 2 may be unacknowledged.</summary>
    public int InFlight { get; }

    /// <summary>The largest packet that the server takes.</summary>
    public long MaxPacketBytes { get; }

    /// <summary>The largest message that is sent, as a packet: no more than the server takes, and than the client was told.</summary>
    public long MaxMessageBytes { get; }

    /// <summary>How many topic aliases are used towards the server.</summary>
    public int Aliases { get; }

    /// <summary>The highest QoS that the server takes. [MQTT5-3.2.2-11]</summary>
    public QualityOfService MaximumQoS { get; }

    /// <summary>Whether the server keeps retained messages. [MQTT5-3.2.2-14]</summary>
    public bool RetainAvailable { get; }

    /// <summary>Whether filters may have wildcards.</summary>
    public bool WildcardSubscriptions { get; }

    /// <summary>Whether there are shared subscriptions.</summary>
    public bool SharedSubscriptions { get; }

    /// <summary>Whether a subscription may have an identifier.</summary>
    public bool SubscriptionIdentifiers { get; }

    internal static ServerLimits Of(MqttClientOptions options, ConnackPacket connack) => new(options, connack);

    /// <summary>Why such a message is not sent, or success.</summary>
    /// <param name="message">The message.</param>
    /// <param name="size">Bytes of its packet.</param>
    internal MqttPublishResult Judge(MqttApplicationMessage message, long size)
    {
        if (size > MaxMessageBytes)
            return new MqttPublishResult(ReasonCode.PacketTooLarge, string.Create(CultureInfo.InvariantCulture, $"with a payload of {message.Payload.Length} bytes its packet has more than {MaxMessageBytes}"));
        if (message.QualityOfService > MaximumQoS) return new MqttPublishResult(ReasonCode.QoSNotSupported);

        return message.Retain && !RetainAvailable ? new MqttPublishResult(ReasonCode.RetainNotSupported) : default;
    }

    /// <summary>Why the server would not take such a filter, which it would answer by disconnecting. [MQTT5-3.2.2-15]</summary>
    internal ReasonCode Judge(string filter)
    {
        if (!WildcardSubscriptions && filter.AsSpan().ContainsAny('+', '#')) return ReasonCode.WildcardSubscriptionsNotSupported;

        return !SharedSubscriptions && filter.StartsWith("$share/", StringComparison.Ordinal) ? ReasonCode.SharedSubscriptionsNotSupported : ReasonCode.Success;
    }
}
