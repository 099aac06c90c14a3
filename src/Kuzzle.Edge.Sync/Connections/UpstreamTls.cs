using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>What an encrypted link trusts, and how it shows who it is. Immutable. The files are read at each connection, so that renewed ones are used.</summary>
public sealed record UpstreamTls
{
    /// <summary>A PEM file with the authorities that may have signed the upstream's certificate; null: those of the system.</summary>
    public string? Trust { get; init; }

    /// <summary>A PEM file with this box's certificate, and those that lead to its authority; null: it shows none.</summary>
    public string? Certificate { get; init; }

    /// <summary>A PEM file with the certificate's key; null: it is in the same file.</summary>
    public string? Key { get; init; }

    /// <summary>The name that the upstream's certificate must be for, and that it is asked for by; null: that of the address.</summary>
    public string? ServerName { get; init; }

    /// <exception cref="LinkBrokenException">A file is of no use; the message says which.</exception>
    internal SslClientAuthenticationOptions Load(PeerCertificate peer)
    {
        var options = Load();
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => peer.Accept(certificate, chain, errors);
        return options;
    }

    /// <exception cref="LinkBrokenException">A file is of no use; the message says which.</exception>
    internal SslClientAuthenticationOptions Load()
    {
        var options = new SslClientAuthenticationOptions();
        if (Trust is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Read(Trust, ReadAll));
            options.CertificateChainPolicy = policy;
        }

        if (Certificate is not null)
        {
            var own = Read(Certificate, file => X509Certificate2.CreateFromPemFile(file, Key));
            var between = new X509Certificate2Collection(Read(Certificate, ReadAll).Skip(1).ToArray());
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own, between, offline: true);
        }

        return options;
    }

    private static X509Certificate2Collection ReadAll(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("there is no certificate in it");
    }

    private static T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception unusable) when (unusable is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new LinkBrokenException($"The file {file} of the link's TLS is of no use: {unusable.Message}", unusable);
        }
    }
}
