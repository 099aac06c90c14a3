namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>
/// Where a TLS listener finds what it needs. Either <see cref="Certificate"/> or <see cref="Pfx"/> or <see cref="Psk"/> is there, and a file with keys may stand beside a
/// certificate.
/// </summary>
public sealed record TlsOptions
{
    /// <summary>PEM: the server's certificate, then those between it and the root.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM: the private key of the certificate. Null: it is in the file of the certificate.</summary>
    public string? Key { get; init; }

    /// <summary>The password of an encrypted key.</summary>
    public string? KeyPassword { get; init; }

    /// <summary>PKCS #12: certificates and key in one file.</summary>
    public string? Pfx { get; init; }

    /// <summary>The password of <see cref="Pfx"/>.</summary>
    public string? PfxPassword { get; init; }

    /// <summary>Whether clients show a certificate.</summary>
    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>PEM: the certificates that the clients' ones must come from.</summary>
    public string? Trust { get; init; }

    /// <summary>Identities and their keys, one <c>identity:hexadecimal key</c> a line.</summary>
    public string? Psk { get; init; }

    /// <summary>Whether there is a certificate to be shown.</summary>
    public bool HasCertificate => Certificate is not null || Pfx is not null;

    /// <summary>Without the passwords, so that nobody logs them by accident.</summary>
    public override string ToString() => $"certificate {Certificate ?? Pfx ?? "none"}, client certificates {ClientCertificates}, trust {Trust ?? "none"}, psk {Psk ?? "none"}";
}
