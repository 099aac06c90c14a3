namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>What the check of a property list has seen on its way.</summary>
internal struct PropertySummary
{
    public ulong Seen;
    public int UserProperties;
    public int ForwardableLength;
    public uint MessageExpiryInterval;
    public ushort TopicAlias;

    public readonly bool Has(PropertyId id) => (Seen & (1UL << (int)id)) != 0;
}
