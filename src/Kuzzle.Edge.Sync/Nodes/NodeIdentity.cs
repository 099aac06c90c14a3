namespace Kuzzle.Edge.Sync.Nodes;

/// <summary>Where the name comes from by which the upstream knows this box.</summary>
public enum NodeIdentity
{
    /// <summary>It is made up once, and kept with the documents.</summary>
    Generated,

    /// <summary>A digest of <c>/etc/machine-id</c>: the same after the data were lost, another on a copied card only if that file is.</summary>
    MachineId,

    /// <summary>The name of the host.</summary>
    HostName,
}
