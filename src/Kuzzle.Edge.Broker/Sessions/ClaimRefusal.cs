namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>Why a connection gets no session.</summary>
internal enum ClaimRefusal
{
    /// <summary>It got one.</summary>
    None,

    /// <summary>There are as many sessions as there may be.</summary>
    TooManySessions,

    /// <summary>While it waited, another connection with the same client identifier came.</summary>
    Superseded,

    /// <summary>The client identifier belongs to somebody else.</summary>
    NotTheirs,
}
