namespace Kuzzle.Edge.Broker.Access;

/// <summary>How a client has proven who it is.</summary>
public enum IdentityProof
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>By a password.</summary>
    Password,

    /// <summary>By a certificate that its listener's trust anchors vouch for.</summary>
    Certificate,

    /// <summary>By a pre-shared key (TLS-PSK).</summary>
    PreSharedKey,

    /// <summary>To the program that hosts the broker.</summary>
    Program,

    /// <summary>An exchange of several steps, by a method that the client has named.</summary>
    Exchange,
}
