using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>The certificate that a listener shows, with its key and those between it and the root.</summary>
internal sealed class ServerCertificate
{
    private ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection others)
    {
        Leaf = leaf;
        Context = SslStreamCertificateContext.Create(leaf, others, offline: true); // Offline: what is missing in the chain is not looked for on the network.
    }

    /// <summary>The certificate itself.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>What is shown.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="TlsFileException">A file is of no use, or the certificate has expired.</exception>
    public static ServerCertificate Load(TlsOptions options, TimeProvider clock)
    {
        var certificate = options.Pfx is { } pfx ? FromPfx(pfx, options.PfxPassword) : FromPem(options);
        var notAfter = new DateTimeOffset(certificate.Leaf.NotAfter);
        if (notAfter > clock.GetUtcNow()) return certificate; // One that is not valid yet is served: mostly it is the clock of the board that is late.

        throw new TlsFileException(options.Pfx ?? options.Certificate!, $"has expired on {notAfter:u} ({certificate.Leaf.Subject})");
    }

    private static ServerCertificate FromPem(TlsOptions options)
    {
        var path = options.Certificate!;
        var keyPath = options.Key ?? path;
        var chain = ReadCertificates(path);
        var keyText = TlsFile.ReadText(keyPath);
        CheckKey(keyPath, keyText, options.KeyPassword);
        try
        {
            var certificates = TlsFile.ReadText(path);
            var leaf = keyText.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPem(certificates, keyText, options.KeyPassword)
                : X509Certificate2.CreateFromPem(certificates, keyText);
            chain.RemoveAt(0);
            return new ServerCertificate(leaf, chain);
        }
        catch (ArgumentException failure)
        {
            throw new TlsFileException(keyPath, $"is not the key of the (first) certificate in {path}", failure);
        }
        catch (CryptographicException failure)
        {
            throw new TlsFileException(keyPath, options.KeyPassword is null ? $"holds no key that can be used: {failure.Message}" : "cannot be decrypted: the password is wrong, or the file is damaged", failure);
        }
    }

    private static void CheckKey(string path, string text, string? password)
    {
        if (text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            throw new TlsFileException(path, "is encrypted in the old way of OpenSSL; convert it with: openssl pkcs8 -topk8 -in OLD -out NEW");
        }

        if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) throw new TlsFileException(path, "holds no private key (-----BEGIN … PRIVATE KEY-----)");
        if (text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) && password is null)
        {
            throw new TlsFileException(path, "is encrypted, and there is no password for it");
        }
    }

    private static ServerCertificate FromPfx(string path, string? password)
    {
        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(TlsFile.Read(path), password);
            var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new TlsFileException(path, "holds no certificate with a private key");
            all.Remove(leaf);
            return new ServerCertificate(leaf, all);
        }
        catch (CryptographicException failure)
        {
            throw new TlsFileException(path, $"cannot be read as PKCS #12: {(password is null ? "there is no password for it" : "the password is wrong")}, or the file is damaged", failure);
        }
    }

    /// <summary>The certificates in a PEM file, at least one.</summary>
    internal static X509Certificate2Collection ReadCertificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(TlsFile.ReadText(path));
        }
        catch (CryptographicException failure)
        {
            throw new TlsFileException(path, "holds a certificate that cannot be read", failure);
        }

        return certificates.Count > 0 ? certificates : throw new TlsFileException(path, "holds no certificate (-----BEGIN CERTIFICATE-----)");
    }
}
