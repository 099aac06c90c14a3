namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>What a TLS listener asks of its clients.</summary>
public enum ClientCertificates
{
    /// <summary>No certificate.</summary>
    None,

    /// <summary>A certificate from those who have one; it must be a good one.</summary>
    Optional,

    /// <summary>A certificate from everybody.</summary>
    Required,

    /// <summary>A certificate from those who have one; whether it is a good one is for the listener's profile, which gets it as it is.</summary>
    Unverified,
}
