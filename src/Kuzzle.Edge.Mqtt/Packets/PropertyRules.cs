using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>The one place that knows which property may stand where, how often and with which value. [MQTT5 2.2.2.2]</summary>
internal static class PropertyRules
{
    private const int HighestId = (int)PropertyId.SharedSubscriptionAvailable;

    private const ulong Forwardable = 1UL << (int)PropertyId.PayloadFormatIndicator | 1UL << (int)PropertyId.ContentType |
                                      1UL << (int)PropertyId.ResponseTopic | 1UL << (int)PropertyId.CorrelationData |
                                      1UL << (int)PropertyId.UserProperty;

    private static readonly (PropertyKind Kind, PropertyPlace Places)[] Table = BuildTable();

    public static PropertyKind KindOf(PropertyId id) => (int)id <= HighestId ? Table[(int)id].Kind : PropertyKind.Unknown;

    public static bool IsForwardable(PropertyId id) => (Forwardable & (1UL << (int)id)) != 0;

    /// <summary>Checks a whole property list, so that nobody behind needs to.</summary>
    public static bool Check(
        ReadOnlySpan<byte> properties, PropertyPlace place, PacketDirection direction, PacketLimits limits, out PropertySummary summary, out PacketFault fault)
    {
        summary = default;
        fault = default;
        var reader = new PropertyReader(properties);
        while (!reader.IsAtEnd)
        {
            if (!reader.MoveNext())
            {
                fault = PacketFault.Malformed("A property is unknown or ends too early.");
                return false;
            }

            if ((Table[(int)reader.Id].Places & place) == PropertyPlace.None)
            {
                fault = PacketFault.Malformed("A property does not belong in this packet.");
                return false;
            }

            fault = CheckRepetition(reader.Id, place, direction, limits, ref summary);
            if (!fault.IsFault) fault = CheckValue(ref reader);
            if (fault.IsFault) return false;

            Note(ref reader, ref summary);
        }

        return true;
    }

    private static PacketFault CheckRepetition(
        PropertyId id, PropertyPlace place, PacketDirection direction, PacketLimits limits, ref PropertySummary summary)
    {
        if (id == PropertyId.UserProperty)
        {
            return ++summary.UserProperties <= limits.MaxUserProperties
                ? default
                : new PacketFault(ReasonCode.QuotaExceeded, "There are more user properties than this side takes.");
        }

        if (id == PropertyId.SubscriptionIdentifier && place == PropertyPlace.Publish)
        {
            return direction == PacketDirection.ToClient
                ? default // One for each subscription that matched. [MQTT5-3.3.4-4]
                : PacketFault.Protocol("A client must not send a subscription identifier in PUBLISH. [MQTT5-3.3.4-6]");
        }

        return summary.Has(id) ? PacketFault.Protocol("A property stands twice.") : default;
    }

    private static PacketFault CheckValue(ref PropertyReader reader)
    {
        switch (reader.Id)
        {
            case PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation
                or PropertyId.MaximumQoS or PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable
                or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable:
                return reader.Integer <= 1 ? default : PacketFault.Protocol("A property that may be 0 or 1 has another value.");

            case PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.SubscriptionIdentifier:
                return reader.Integer != 0 ? default : PacketFault.Protocol("A property that must not be 0 is 0.");

            case PropertyId.TopicAlias:
                return reader.Integer != 0 ? default : new PacketFault(ReasonCode.TopicAliasInvalid, "The topic alias is 0. [MQTT5-3.3.2-8]");

            case PropertyId.ResponseTopic:
                if (TopicName.IsValid(reader.Bytes)) return default;
                return Utf8Text.IsValid(reader.Bytes)
                    ? PacketFault.Protocol("The response topic is no topic name. [MQTT5-3.3.2-14]")
                    : PacketFault.Malformed("The response topic is not well-formed UTF-8. [MQTT5-3.3.2-13]");

            case PropertyId.UserProperty:
                return Utf8Text.IsValid(reader.Name) && Utf8Text.IsValid(reader.Bytes) ? default : BadText;

            default:
                return KindOf(reader.Id) != PropertyKind.Text || Utf8Text.IsValid(reader.Bytes) ? default : BadText;
        }
    }

    private static PacketFault BadText => PacketFault.Malformed("A property is not well-formed UTF-8 without U+0000. [MQTT5-1.5.4-1] [MQTT5-1.5.4-2]");

    private static void Note(ref PropertyReader reader, ref PropertySummary summary)
    {
        summary.Seen |= 1UL << (int)reader.Id;
        if (IsForwardable(reader.Id)) summary.ForwardableLength += reader.Encoded.Length;
        else if (reader.Id == PropertyId.TopicAlias) summary.TopicAlias = (ushort)reader.Integer;
        else if (reader.Id == PropertyId.MessageExpiryInterval) summary.MessageExpiryInterval = reader.Integer;
    }

    private static (PropertyKind Kind, PropertyPlace Places)[] BuildTable()
    {
        const PropertyPlace Answers = PropertyPlace.Connack | PropertyPlace.Acknowledgement | PropertyPlace.Suback | PropertyPlace.Unsuback |
                                      PropertyPlace.Disconnect | PropertyPlace.Auth;
        const PropertyPlace Message = PropertyPlace.Publish | PropertyPlace.Will;
        const PropertyPlace Authentication = PropertyPlace.Connect | PropertyPlace.Connack | PropertyPlace.Auth;

        var table = new (PropertyKind Kind, PropertyPlace Places)[HighestId + 1];
        Allow(PropertyId.PayloadFormatIndicator, PropertyKind.Byte, Message);
        Allow(PropertyId.MessageExpiryInterval, PropertyKind.FourBytes, Message);
        Allow(PropertyId.ContentType, PropertyKind.Text, Message);
        Allow(PropertyId.ResponseTopic, PropertyKind.Text, Message);
        Allow(PropertyId.CorrelationData, PropertyKind.Binary, Message);
        Allow(PropertyId.SubscriptionIdentifier, PropertyKind.VariableInteger, PropertyPlace.Publish | PropertyPlace.Subscribe);
        Allow(PropertyId.SessionExpiryInterval, PropertyKind.FourBytes, PropertyPlace.Connect | PropertyPlace.Connack | PropertyPlace.Disconnect);
        Allow(PropertyId.AssignedClientIdentifier, PropertyKind.Text, PropertyPlace.Connack);
        Allow(PropertyId.ServerKeepAlive, PropertyKind.TwoBytes, PropertyPlace.Connack);
        Allow(PropertyId.AuthenticationMethod, PropertyKind.Text, Authentication);
        Allow(PropertyId.AuthenticationData, PropertyKind.Binary, Authentication);
        Allow(PropertyId.RequestProblemInformation, PropertyKind.Byte, PropertyPlace.Connect);
        Allow(PropertyId.WillDelayInterval, PropertyKind.FourBytes, PropertyPlace.Will);
        Allow(PropertyId.RequestResponseInformation, PropertyKind.Byte, PropertyPlace.Connect);
        Allow(PropertyId.ResponseInformation, PropertyKind.Text, PropertyPlace.Connack);
        Allow(PropertyId.ServerReference, PropertyKind.Text, PropertyPlace.Connack | PropertyPlace.Disconnect);
        Allow(PropertyId.ReasonString, PropertyKind.Text, Answers);
        Allow(PropertyId.ReceiveMaximum, PropertyKind.TwoBytes, PropertyPlace.Connect | PropertyPlace.Connack);
        Allow(PropertyId.TopicAliasMaximum, PropertyKind.TwoBytes, PropertyPlace.Connect | PropertyPlace.Connack);
        Allow(PropertyId.TopicAlias, PropertyKind.TwoBytes, PropertyPlace.Publish);
        Allow(PropertyId.MaximumQoS, PropertyKind.Byte, PropertyPlace.Connack);
        Allow(PropertyId.RetainAvailable, PropertyKind.Byte, PropertyPlace.Connack);
        Allow(PropertyId.UserProperty, PropertyKind.Pair, PropertyPlace.Everywhere);
        Allow(PropertyId.MaximumPacketSize, PropertyKind.FourBytes, PropertyPlace.Connect | PropertyPlace.Connack);
        Allow(PropertyId.WildcardSubscriptionAvailable, PropertyKind.Byte, PropertyPlace.Connack);
        Allow(PropertyId.SubscriptionIdentifierAvailable, PropertyKind.Byte, PropertyPlace.Connack);
        Allow(PropertyId.SharedSubscriptionAvailable, PropertyKind.Byte, PropertyPlace.Connack);
        return table;

        void Allow(PropertyId id, PropertyKind kind, PropertyPlace places) => table[(int)id] = (kind, places);
    }
}
