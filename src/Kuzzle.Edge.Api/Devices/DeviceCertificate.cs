using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Api.Devices;

/// <summary>
/// A certificate whose private key the peer has proven to hold. Nobody has looked at who vouches for it: that is for the trust anchors of the application, which its
/// issuer's name finds.
/// </summary>
/// <param name="Certificate">The certificate. It is the connection's, and not to be disposed or kept.</param>
/// <param name="Intermediates">What the peer has sent beside it.</param>
public sealed record DeviceCertificate(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Intermediates) : DeviceCredentials
{
    /// <summary>For logs.</summary>
    public override string ToString() => $"certificate of {Certificate.Subject} by {Certificate.Issuer}";
}
