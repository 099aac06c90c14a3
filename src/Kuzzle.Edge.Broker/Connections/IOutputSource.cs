namespace Kuzzle.Edge.Broker.Connections;

/// <summary>Where more to send comes from. (A delegate would cost each connection 64 bytes.)</summary>
internal interface IOutputSource
{
    /// <summary>There is room in the output again. Called with no lock held.</summary>
    void Refill();
}
