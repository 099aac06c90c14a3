namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>What a PUBREC leads to.</summary>
internal enum PubrecOutcome
{
    /// <summary>A PUBREL.</summary>
    Release,

    /// <summary>PUBREL follows once the release is on the disk.</summary>
    ReleaseLater,

    /// <summary>Nothing: it refused the message.</summary>
    Ended,

    /// <summary>No such message.</summary>
    Unknown,

    /// <summary>The message is not QoS 2: a violation.</summary>
    Wrong,
}
