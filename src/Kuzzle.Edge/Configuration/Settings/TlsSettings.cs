using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>TLS on one MQTT listener.</summary>
internal static class TlsSettings
{
    public static readonly Setting<string> Certificate = new(
        "certificate", Types.FilePath, null, "A PEM file with the server's certificate and, behind it, those between it and the root.");

    public static readonly Setting<string> Key = new("key", Types.FilePath, null, "A PEM file with the private key. Absent: it is in the file of the certificate.");

    public static readonly Setting<string> KeyPassword = new("keyPassword", Types.Text, null, "The password of an encrypted key.") { IsSecret = true };

    public static readonly Setting<string> Pfx = new("pfx", Types.FilePath, null, "Instead of PEM files: a PKCS #12 file with certificates and key.");

    public static readonly Setting<string> PfxPassword = new("pfxPassword", Types.Text, null, "The password of the PKCS #12 file.") { IsSecret = true };

    public static readonly Setting<ClientCertificates> Clients = new(
        "clientCertificates",
        new ChoiceType<ClientCertificates>(
            ("none", ClientCertificates.None),
            ("optional", ClientCertificates.Optional),
            ("required", ClientCertificates.Required),
            ("registry", ClientCertificates.Unverified)),
        ClientCertificates.None,
        "Whether clients show a certificate. One that is shown must be right, also where it is optional. `registry`, which is the default of `drogue` listeners and only for them: the trust anchors of its application decide.");

    public static readonly Setting<string> Trust = new(
        "trust", Types.FilePath, null, "A PEM file with the root certificates that the clients' certificates must come from. Nothing else is trusted, and no revocation list is asked.");

    public static readonly Setting<string> Psk = new(
        "psk", Types.FilePath, null, "A file with pre-shared keys (TLS-PSK), one `identity:hexadecimal key` a line. Needs OpenSSL 3 on this machine (libssl.so.3).");

    public static SettingSchema Schema { get; } = new([Certificate, Key, KeyPassword, Pfx, PfxPassword, Clients, Trust, Psk], []);
}
