using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// Knows clients by the certificate that the transport has verified. A client that says another user name than its certificate wants to be known by that one: then
/// the certificate has only opened the door, and there is no opinion.
/// </summary>
internal sealed class CertificateAuthenticator(CertificateName source) : IClientAuthenticator
{
    private const string CommonNameOid = "2.5.4.3";
    private const string AlternativeNameOid = "2.5.29.17";

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) => new(Judge(client));

    /// <summary>The name that a certificate gives; null when it gives none, or several.</summary>
    internal static string? NameOf(X509Certificate2 certificate, CertificateName source)
    {
        try
        {
            var name = source switch
            {
                CertificateName.CommonName => CommonNameOf(certificate),
                CertificateName.Subject => certificate.Subject,
                CertificateName.Email => AlternativeNameOf(certificate, 1),
                CertificateName.DnsName => AlternativeNameOf(certificate, 2),
                CertificateName.Uri => AlternativeNameOf(certificate, 6),
                _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
            };
            return string.IsNullOrEmpty(name) || !Utf8Text.IsValidName(Encoding.UTF8.GetBytes(name)) ? null : name;
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException)
        {
            return null; // Signed by somebody trusted and yet malformed: it names nobody.
        }
    }

    private AuthenticationOutcome Judge(IMqttClient client)
    {
        if (client.Peer.Certificate is not { } certificate || NameOf(certificate, source) is not { } name) return AuthenticationOutcome.NoOpinion;
        if (client.UserName is { } claimed && claimed != name) return AuthenticationOutcome.NoOpinion;

        return AuthenticationOutcome.Accept(new ClientIdentity(IdentityKind.User, name) { Proof = IdentityProof.Certificate });
    }

    private static string? CommonNameOf(X509Certificate2 certificate)
    {
        string? name = null;
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements || part.GetSingleElementType().Value != CommonNameOid) continue;
            if (name is not null) return null;
            name = part.GetSingleElementValue();
        }

        return name;
    }

    /// <summary>The one alternative name of this kind (the tag of RFC 5280's GeneralName).</summary>
    private static string? AlternativeNameOf(X509Certificate2 certificate, int tag)
    {
        string? name = null;
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != AlternativeNameOid) continue;

            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var wanted = new Asn1Tag(TagClass.ContextSpecific, tag);
                if (!names.PeekTag().HasSameClassAndValue(wanted))
                {
                    names.ReadEncodedValue();
                    continue;
                }

                if (name is not null) return null;
                name = names.ReadCharacterString(UniversalTagNumber.IA5String, wanted);
            }
        }

        return name;
    }
}
