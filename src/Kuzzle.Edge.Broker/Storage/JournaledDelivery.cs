namespace Kuzzle.Edge.Broker.Storage;

/// <summary>A message for a client whose session outlives the process. All but <see cref="Content"/> belongs to the journal.</summary>
internal sealed class JournaledDelivery(StoredDelivery content)
{
    public StoredDelivery Content { get; } = content;

    public DeliveryState State { get; set; }

    public ushort PacketIdentifier { get; set; }

    /// <summary>Whether a commit has it, or the one that is just written.</summary>
    public bool IsStored { get; set; }

    /// <summary>Whether the commit that is gathered will look at it.</summary>
    public bool IsGathered { get; set; }
}
