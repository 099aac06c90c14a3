using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry.Certificates;

/// <summary>A certificate whose signature an application trusts, or why it is none. Immutable.</summary>
internal sealed class TrustAnchor
{
    private readonly X509Certificate2? _certificate;

    private TrustAnchor(X509Certificate2? certificate, string? fault)
    {
        _certificate = certificate;
        Fault = fault;
        Subject = certificate is null ? "" : DistinguishedName.KeyOf(certificate.SubjectName);
    }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault { get; }

    /// <summary>Its subject, as <see cref="DistinguishedName.KeyOf(X500DistinguishedName)"/> makes it.</summary>
    public string Subject { get; }

    /// <summary>Reads the base 64 of DER or PEM, or PEM itself.</summary>
    public static TrustAnchor Read(string text)
    {
        try
        {
            if (text.Contains("-----BEGIN", StringComparison.Ordinal)) return new TrustAnchor(X509Certificate2.CreateFromPem(text), fault: null);

            var bytes = Convert.FromBase64String(text);
            return bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0
                ? new TrustAnchor(X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(bytes)), fault: null)
                : new TrustAnchor(X509CertificateLoader.LoadCertificate(bytes), fault: null);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return new TrustAnchor(certificate: null, "is no certificate: base 64 of DER or PEM is expected");
        }
    }

    /// <summary>As <c>status.trustAnchors.anchors</c> shows it.</summary>
    public JsonObject Show() => _certificate is null
        ? new JsonObject { ["invalid"] = new JsonObject { ["error"] = "Failed", ["message"] = Fault } }
        : new JsonObject
        {
            ["valid"] = new JsonObject
            {
                ["subject"] = _certificate.SubjectName.Name,
                ["certificate"] = Convert.ToBase64String(_certificate.RawData),
                ["notBefore"] = Time(_certificate.NotBefore),
                ["notAfter"] = Time(_certificate.NotAfter),
            },
        };

    /// <summary>Whether a certificate is signed by it, through the intermediate ones if need be, and all of them are valid now.</summary>
    public bool Vouches(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> intermediates, DateTimeOffset now)
    {
        if (_certificate is null || now.UtcDateTime < _certificate.NotBefore.ToUniversalTime() || now.UtcDateTime > _certificate.NotAfter.ToUniversalTime()) return false;

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        foreach (var intermediate in intermediates) chain.ChainPolicy.ExtraStore.Add(intermediate);
        chain.ChainPolicy.ExtraStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // A device is revoked by disabling it.
        chain.ChainPolicy.DisableCertificateDownloads = true; // An address in a stranger's certificate is not one to call.
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;

        // An anchor need not be its own issuer; that the chain reaches it is asked below, signatures and dates are checked all the same.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        return chain.Build(certificate) && chain.ChainElements.Skip(1).Any(element => element.Certificate.RawDataMemory.Span.SequenceEqual(_certificate.RawDataMemory.Span));
    }

    private static string Time(DateTime time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
