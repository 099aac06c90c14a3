using System.Text;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// The properties of a packet that is not a PUBLISH, or of a will. Null means absent. One type serves all packets; the reader refuses what a packet
/// may not carry, and the writer writes what is set.
/// </summary>
public sealed record MqttProperties
{
    /// <summary>No properties yet.</summary>
    public MqttProperties()
    {
    }

    private MqttProperties(ReadOnlySpan<byte> encoded)
    {
        List<UserProperty>? userProperties = null;
        var reader = new PropertyReader(encoded);
        while (reader.MoveNext())
        {
            switch (reader.Id)
            {
                case PropertyId.PayloadFormatIndicator: PayloadFormatIndicator = (byte)reader.Integer; break;
                case PropertyId.MessageExpiryInterval: MessageExpiryInterval = reader.Integer; break;
                case PropertyId.ContentType: ContentType = Text(reader.Bytes); break;
                case PropertyId.ResponseTopic: ResponseTopic = Text(reader.Bytes); break;
                case PropertyId.CorrelationData: CorrelationData = reader.Bytes.ToArray(); break;
                case PropertyId.SubscriptionIdentifier: SubscriptionIdentifier = reader.Integer; break;
                case PropertyId.SessionExpiryInterval: SessionExpiryInterval = reader.Integer; break;
                case PropertyId.AssignedClientIdentifier: AssignedClientIdentifier = Text(reader.Bytes); break;
                case PropertyId.ServerKeepAlive: ServerKeepAlive = (ushort)reader.Integer; break;
                case PropertyId.AuthenticationMethod: AuthenticationMethod = Text(reader.Bytes); break;
                case PropertyId.AuthenticationData: AuthenticationData = reader.Bytes.ToArray(); break;
                case PropertyId.RequestProblemInformation: RequestProblemInformation = (byte)reader.Integer; break;
                case PropertyId.WillDelayInterval: WillDelayInterval = reader.Integer; break;
                case PropertyId.RequestResponseInformation: RequestResponseInformation = (byte)reader.Integer; break;
                case PropertyId.ResponseInformation: ResponseInformation = Text(reader.Bytes); break;
                case PropertyId.ServerReference: ServerReference = Text(reader.Bytes); break;
                case PropertyId.ReasonString: ReasonString = Text(reader.Bytes); break;
                case PropertyId.ReceiveMaximum: ReceiveMaximum = (ushort)reader.Integer; break;
                case PropertyId.TopicAliasMaximum: TopicAliasMaximum = (ushort)reader.Integer; break;
                case PropertyId.MaximumQoS: MaximumQoS = (byte)reader.Integer; break;
                case PropertyId.RetainAvailable: RetainAvailable = (byte)reader.Integer; break;
                case PropertyId.MaximumPacketSize: MaximumPacketSize = reader.Integer; break;
                case PropertyId.WildcardSubscriptionAvailable: WildcardSubscriptionAvailable = (byte)reader.Integer; break;
                case PropertyId.SubscriptionIdentifierAvailable: SubscriptionIdentifierAvailable = (byte)reader.Integer; break;
                case PropertyId.SharedSubscriptionAvailable: SharedSubscriptionAvailable = (byte)reader.Integer; break;
                case PropertyId.UserProperty: (userProperties ??= []).Add(new UserProperty(Text(reader.Name), Text(reader.Bytes))); break;
            }
        }

        UserProperties = userProperties ?? UserProperties;

        static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
    }

    /// <summary>0: bytes, 1: UTF-8 text.</summary>
    public byte? PayloadFormatIndicator { get; init; }

    /// <summary>Seconds.</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>What the payload is.</summary>
    public string? ContentType { get; init; }

    /// <summary>Topic for an answer.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Goes back with the answer.</summary>
    public byte[]? CorrelationData { get; init; }

    /// <summary>1 to 268,435,455.</summary>
    public uint? SubscriptionIdentifier { get; init; }

    /// <summary>Seconds; 0xFFFFFFFF is for ever.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>The identifier that the server chose.</summary>
    public string? AssignedClientIdentifier { get; init; }

    /// <summary>Seconds.</summary>
    public ushort? ServerKeepAlive { get; init; }

    /// <summary>Name of the extended authentication.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>A step of the extended authentication.</summary>
    public byte[]? AuthenticationData { get; init; }

    /// <summary>0: Reason String and User Properties only in CONNACK, PUBLISH and DISCONNECT. [MQTT5-3.1.2-29]</summary>
    public byte? RequestProblemInformation { get; init; }

    /// <summary>Seconds.</summary>
    public uint? WillDelayInterval { get; init; }

    /// <summary>1: the client would like Response Information.</summary>
    public byte? RequestResponseInformation { get; init; }

    /// <summary>Basis of response topics.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>Another server.</summary>
    public string? ServerReference { get; init; }

    /// <summary>For people; left out when the packet would be too large.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Not 0.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Aliases the sender of this property takes.</summary>
    public ushort? TopicAliasMaximum { get; init; }

    /// <summary>0 or 1.</summary>
    public byte? MaximumQoS { get; init; }

    /// <summary>0 or 1.</summary>
    public byte? RetainAvailable { get; init; }

    /// <summary>Bytes, not 0.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>0 or 1.</summary>
    public byte? WildcardSubscriptionAvailable { get; init; }

    /// <summary>0 or 1.</summary>
    public byte? SubscriptionIdentifierAvailable { get; init; }

    /// <summary>0 or 1.</summary>
    public byte? SharedSubscriptionAvailable { get; init; }

    /// <summary>In the order of the packet; left out when the packet would be too large.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>Reads a property list that a reader has checked; null for an empty one.</summary>
    /// <param name="encoded">The list without its length, for instance of an <see cref="AcknowledgementView"/>.</param>
    public static MqttProperties? Decode(ReadOnlySpan<byte> encoded) => encoded.IsEmpty ? null : new MqttProperties(encoded);

    /// <summary>Whether nothing is set.</summary>
    internal bool IsEmpty => EncodedLength == 0;

    /// <summary>Bytes of the encoded list, without its length.</summary>
    internal int EncodedLength
    {
        get
        {
            var writer = new PropertyWriter(default);
            WriteAll(ref writer);
            return writer.Length;
        }
    }

    /// <summary>Writes the encoded list, without its length.</summary>
    /// <param name="destination">Exactly <see cref="EncodedLength"/> bytes.</param>
    internal void WriteTo(Span<byte> destination)
    {
        var writer = new PropertyWriter(destination);
        WriteAll(ref writer);
    }

    /// <summary>The same without what may be left out of a packet that would be too large. [MQTT5-3.2.2-19] [MQTT5-3.4.2-2] [MQTT5-3.14.2-3]</summary>
    internal MqttProperties WithoutDiagnostics() => this with { ReasonString = null, UserProperties = [] };

    private void WriteAll(ref PropertyWriter writer)
    {
        writer.Byte(PropertyId.PayloadFormatIndicator, PayloadFormatIndicator);
        writer.FourBytes(PropertyId.MessageExpiryInterval, MessageExpiryInterval);
        writer.Text(PropertyId.ContentType, ContentType);
        writer.Text(PropertyId.ResponseTopic, ResponseTopic);
        writer.Binary(PropertyId.CorrelationData, CorrelationData);
        writer.VariableInteger(PropertyId.SubscriptionIdentifier, SubscriptionIdentifier);
        writer.FourBytes(PropertyId.SessionExpiryInterval, SessionExpiryInterval);
        writer.Text(PropertyId.AssignedClientIdentifier, AssignedClientIdentifier);
        writer.TwoBytes(PropertyId.ServerKeepAlive, ServerKeepAlive);
        writer.Text(PropertyId.AuthenticationMethod, AuthenticationMethod);
        writer.Binary(PropertyId.AuthenticationData, AuthenticationData);
        writer.Byte(PropertyId.RequestProblemInformation, RequestProblemInformation);
        writer.FourBytes(PropertyId.WillDelayInterval, WillDelayInterval);
        writer.Byte(PropertyId.RequestResponseInformation, RequestResponseInformation);
        writer.Text(PropertyId.ResponseInformation, ResponseInformation);
        writer.Text(PropertyId.ServerReference, ServerReference);
        writer.Text(PropertyId.ReasonString, ReasonString);
        writer.TwoBytes(PropertyId.ReceiveMaximum, ReceiveMaximum);
        writer.TwoBytes(PropertyId.TopicAliasMaximum, TopicAliasMaximum);
        writer.Byte(PropertyId.MaximumQoS, MaximumQoS);
        writer.Byte(PropertyId.RetainAvailable, RetainAvailable);
        writer.FourBytes(PropertyId.MaximumPacketSize, MaximumPacketSize);
        writer.Byte(PropertyId.WildcardSubscriptionAvailable, WildcardSubscriptionAvailable);
        writer.Byte(PropertyId.SubscriptionIdentifierAvailable, SubscriptionIdentifierAvailable);
        writer.Byte(PropertyId.SharedSubscriptionAvailable, SharedSubscriptionAvailable);
        for (var index = 0; index < UserProperties.Count; index++) writer.Pair(PropertyId.UserProperty, UserProperties[index]);
    }
}
