using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>TLS as everybody knows it: the server shows a certificate, and the client may have to. Immutable; renewed files make a new one.</summary>
internal sealed class CertificateHandshake : ITlsHandshake
{
    // A chain has two or three; what a client sends beyond is of no use to anybody.
    private const int MaxIntermediates = 8;

    private readonly ClientCertificates _clients;
    private readonly SslServerAuthenticationOptions _options;

    /// <summary>Prepares handshakes.</summary>
    /// <param name="certificate">What the server shows.</param>
    /// <param name="clients">What clients show.</param>
    /// <param name="trust">What the clients' certificates must come from.</param>
    public CertificateHandshake(ServerCertificate certificate, ClientCertificates clients, X509Certificate2Collection trust)
    {
        _clients = clients;
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = clients != ClientCertificates.None,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            CertificateChainPolicy = clients == ClientCertificates.None ? null : PolicyOf(trust),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<TlsSession> RunAsync(IDuplexPipe pipes, DuplexPipeStream stream, CancellationToken cancellationToken)
    {
        string? refusal = null;
        IReadOnlyList<X509Certificate2> intermediates = [];
        var tls = new SslStream(stream, leaveInnerStreamOpen: true, (_, certificate, chain, errors) =>
        {
            if (_clients == ClientCertificates.Unverified) intermediates = IntermediatesOf(certificate, chain);
            return (refusal = Judge(certificate, chain, errors)) is null;
        });
        try
        {
            await tls.AuthenticateAsServerAsync(_options, cancellationToken);
            var shown = _clients == ClientCertificates.None ? null : tls.RemoteCertificate as X509Certificate2;
            return _clients == ClientCertificates.Unverified
                ? new TlsSession(tls, tls.ShutdownAsync) { UnverifiedCertificate = shown, Intermediates = intermediates }
                : new TlsSession(tls, tls.ShutdownAsync) { Certificate = shown };
        }
        catch (Exception failure)
        {
            await tls.DisposeAsync();
            if (refusal is null || failure is not AuthenticationException) throw;

            throw new AuthenticationException(refusal, failure);
        }
    }

    /// <summary>
    /// The clients' certificates come from the anchors and from nowhere else: not from the system's store, nor from the network. Certificates between that the client
    /// sends are used. Every certificate of the chain must be valid today, and one that says what it is for must be for clients.
    /// </summary>
    private static X509ChainPolicy PolicyOf(X509Certificate2Collection trust)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.NoFlag,
        };
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2", "clientAuth"));
        policy.CustomTrustStore.AddRange(trust);
        return policy;
    }

    /// <summary>What the client has sent beside its certificate, as copies: the stream disposes of its own.</summary>
    private static IReadOnlyList<X509Certificate2> IntermediatesOf(X509Certificate? certificate, X509Chain? chain) => certificate is null || chain is null
        ? []
        : [.. chain.ChainPolicy.ExtraStore.Where(sent => !sent.Equals(certificate)).Take(MaxIntermediates).Select(sent => X509CertificateLoader.LoadCertificate(sent.RawData))];

    /// <summary>Why the client's certificate is refused, or null.</summary>
    private string? Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_clients is ClientCertificates.None or ClientCertificates.Unverified) return null; // It was not asked for, or somebody else is asked.
        if (certificate is null) return _clients == ClientCertificates.Required ? "The client shows no certificate." : null;
        if (errors == SslPolicyErrors.None) return null;

        var reasons = chain?.ChainStatus.Select(status => status.Status.ToString()).Distinct(StringComparer.Ordinal) ?? [];
        return $"The certificate of {certificate.Subject} is refused: {string.Join(", ", reasons)}.";
    }
}
