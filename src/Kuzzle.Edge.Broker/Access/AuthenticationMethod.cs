namespace Kuzzle.Edge.Broker.Access;

/// <summary>What a listener lets clients prove who they are by.</summary>
public enum AuthenticationMethod
{
    /// <summary>A client certificate that the listener's trust anchors vouch for.</summary>
    Certificate,

    /// <summary>A pre-shared key (TLS-PSK).</summary>
    PreSharedKey,

    /// <summary>User name and password of a configured user.</summary>
    Password,
}
