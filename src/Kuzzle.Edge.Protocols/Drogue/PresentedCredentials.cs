using System.Text;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>Finds out which of the four forms of credentials a connection presents.</summary>
internal static class PresentedCredentials
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The credentials; null when they are of no form, or of more than one.</summary>
    public static DeviceCredentials? Read(DialectConnect connect, MqttPeer peer)
    {
        var certificate = peer.UnverifiedCertificate ?? peer.Certificate;
        return (connect.UserName, connect.Password, certificate, peer.PskIdentity) switch
        {
            ({ } user, { } password, null, null) => OfPassword(user, password.Span, connect.ClientId),
            (null, null, { } shown, null) => new DeviceCertificate(shown, peer.Intermediates),
            (null, null, null, { } identity) => TrySplit(identity, out var device, out var application) ? new DevicePreSharedKey(application, device) : null,
            _ => null,
        };
    }

    private static DeviceCredentials? OfPassword(string user, ReadOnlySpan<byte> secret, string clientId)
    {
        if (TextOf(secret) is not { } password) return null;

        // Both places encode a name that has an @ of its own; applications have none.
        if (user.Contains('@', StringComparison.Ordinal))
        {
            return TrySplit(user, out var device, out var application) ? new DevicePassword(application, Uri.UnescapeDataString(device), password) : null;
        }

        return TrySplit(clientId, out var named, out var home) ? new DeviceUserPassword(home, Uri.UnescapeDataString(named), user, password) : null;
    }

    private static bool TrySplit(string text, out string device, out string application)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        (device, application) = at < 0 ? ("", "") : (text[..at], text[(at + 1)..]);
        return device.Length > 0 && application.Length > 0;
    }

    /// <summary>Null when it is no text.</summary>
    private static string? TextOf(ReadOnlySpan<byte> password)
    {
        try
        {
            return StrictUtf8.GetString(password);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
