using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Testing;

/// <summary>Issues certificates, and puts them where a listener finds them. Its directory goes with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2 _root;

    public TestAuthority(string name = "Test root")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _root = request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(365));
        Trust = Write("trust.pem", _root.ExportCertificatePem());
    }

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("kuzzle-edge-tls-").FullName;

    /// <summary>The root, as PEM.</summary>
    public string Trust { get; }

    public X509Certificate2 Root => _root;

    public string PathOf(string name) => Path.Combine(Directory, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public X509Certificate2 IssueServer(string name = "localhost", DateTimeOffset? notAfter = null) => Issue(_root, name, ServerUse, isAuthority: false, notAfter);

    public X509Certificate2 IssueClient(string name, DateTimeOffset? notAfter = null, X509Certificate2? issuer = null) =>
        Issue(issuer ?? _root, name, ClientUse, isAuthority: false, notAfter);

    /// <summary>A certificate for a client that says that it is for servers.</summary>
    public X509Certificate2 IssueMisused(string name) => Issue(_root, name, ServerUse, isAuthority: false, notAfter: null);

    /// <summary>A certificate that says nothing of its use.</summary>
    public X509Certificate2 IssueForAnything(string name) => Issue(_root, name, use: null, isAuthority: false, notAfter: null);

    public X509Certificate2 IssueIntermediate(string name) => Issue(_root, name, use: null, isAuthority: true, notAfter: null);

    /// <summary>Writes certificate and key of a server as two PEM files.</summary>
    public (string Certificate, string Key) WriteServer(X509Certificate2 server, string prefix = "server")
    {
        using var key = server.GetECDsaPrivateKey()!;
        return (Write($"{prefix}.pem", server.ExportCertificatePem()), Write($"{prefix}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose()
    {
        _root.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static X509Certificate2 Issue(X509Certificate2 issuer, string name, string? use, bool isAuthority, DateTimeOffset? notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (use is not null) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        if (use == ServerUse)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true));

        // By default within the issuer's own time: one that was issued a second ago ends a second earlier than 200 days from now.
        var end = notAfter ?? Now.AddDays(isAuthority ? 300 : 200);
        using var certificate = request.Create(issuer, Now.AddDays(-9), end, RandomNumberGenerator.GetBytes(12));
        using var withKey = certificate.CopyWithPrivateKey(key);

        // SslStream wants a key that it can hand to OpenSSL again and again.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }
}
