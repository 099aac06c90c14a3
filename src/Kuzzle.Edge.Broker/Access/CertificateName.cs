namespace Kuzzle.Edge.Broker.Access;

/// <summary>What of a client certificate is the user's name.</summary>
public enum CertificateName
{
    /// <summary>The common name (CN) of its subject, if there is exactly one.</summary>
    CommonName,

    /// <summary>The whole subject, most specific part first, parts separated by comma and blank: <c>CN=pump-1, O=Plant</c>.</summary>
    Subject,

    /// <summary>The DNS name among its alternative names, if there is exactly one.</summary>
    DnsName,

    /// <summary>The e-mail address among its alternative names, if there is exactly one.</summary>
    Email,

    /// <summary>The URI among its alternative names, if there is exactly one.</summary>
    Uri,
}
