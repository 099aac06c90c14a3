using System.Net;
using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Listeners;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>One further MQTT listener.</summary>
internal static class ListenerSettings
{
    private static readonly TcpListenerOptions Bounds = new();

    public static readonly Setting<int> Port = new("port", Types.Port, 0, "Its port; 0 lets the system choose one. A listener has a port or a path.") { HasNoDefault = true };

    public static readonly Setting<IPAddress> Host = new("host", Types.Address, IPAddress.Any, "The address on which it listens.");

    public static readonly Setting<string> Path = new(
        "path",
        new TextType<string>("an absolute path of at most 107 bytes", ParsePath, static text => text),
        null,
        "Instead of a port: the path of a Unix domain socket, for clients on this machine. The file is made at the start and removed at the end.");

    public static readonly Setting<UnixFileMode> Mode = new("mode", new FileModeType(), Bounds.SocketMode, "Who may connect to the Unix domain socket: those who may write to its file.");

    public static readonly Setting<int> MaxConnectionsPerSecond = new(
        "maxConnectionsPerSecond",
        Types.Integer(1, 1_000_000),
        Bounds.MaxConnectionsPerSecond,
        "How many connections may begin in a second, and as many at once after a pause; more wait. With TLS, each costs some milliseconds of a board's processor.");

    public static readonly Setting<SettingValues> Tls = new("tls", new GroupType(TlsSettings.Schema), null, "How it encrypts. Absent: not at all.");

    public static readonly Setting<ListenerProfile> Profile = new(
        "profile",
        new ChoiceType<ListenerProfile>(("kuzzle", ListenerProfile.Kuzzle), ("open", ListenerProfile.Open), ("drogue", ListenerProfile.Drogue)),
        ListenerProfile.Kuzzle,
        "`kuzzle`: Kuzzle over MQTT; `open`: a plain broker; `drogue`: the endpoint of the devices in the registry.");

    public static readonly Setting<bool> AllowAnonymous = new(
        "allowAnonymous", Types.Flag, false, "Whether clients without a user name may use an `open` listener. (On `kuzzle` the API's rights decide.)");

    public static readonly Setting<IReadOnlyList<AuthenticationMethod>> Authentication = new(
        "authentication",
        new ListType<AuthenticationMethod>(
            "a list of \"psk\", \"certificate\" and \"password\"",
            new ChoiceType<AuthenticationMethod>(
                ("psk", AuthenticationMethod.PreSharedKey), ("certificate", AuthenticationMethod.Certificate), ("password", AuthenticationMethod.Password)))
        { MinCount = 1 },
        new AccessPolicy().Methods,
        "By what clients of an `open` listener may prove who they are; the first that fits counts.");

    public static readonly Setting<CertificateName> CertificateName = new(
        "certificateName",
        new ChoiceType<CertificateName>(
            ("commonName", Broker.Access.CertificateName.CommonName),
            ("subject", Broker.Access.CertificateName.Subject),
            ("dnsName", Broker.Access.CertificateName.DnsName),
            ("email", Broker.Access.CertificateName.Email),
            ("uri", Broker.Access.CertificateName.Uri)),
        Broker.Access.CertificateName.CommonName,
        "What of a client certificate is the user name: a part of its subject, or one of its alternative names.");

    public static readonly Setting<IReadOnlyList<string>> Acl = new(
        "acl", new ListType<string>("a list of names of rules", Types.Text) { MinCount = 1 }, null, "Which rules of the access list hold on this `open` listener. Absent: all.");

    public static readonly Setting<bool> UseUserNameAsClientId = new(
        "useUserNameAsClientId", Types.Flag, false, "Whether each client has its user name as client identifier, whatever it sends, and nobody comes without one.");

    public static readonly Setting<IReadOnlyList<string>> ClientIdPrefixes = new(
        "clientIdPrefixes",
        new ListType<string>("a list of texts", Types.Text),
        [],
        "What client identifiers must begin with, one of these, in which `%u` is the user name. Empty: anything.");

    /// <summary>Those that only an open listener has.</summary>
    public static IReadOnlyList<Setting> OfOpenListeners { get; } = [Authentication, CertificateName, Acl, UseUserNameAsClientId, ClientIdPrefixes];

    /// <summary>Those that say who may use a listener, and may change while it is open.</summary>
    public static IReadOnlyList<Setting> OfAccess { get; } = [AllowAnonymous, .. OfOpenListeners];

    public static SettingSchema Schema { get; } = new([Port, Host, Path, Mode, Profile, .. OfAccess, MaxConnectionsPerSecond, Tls], []);

    private static string? ParsePath(string text) =>
        text.Length > 1 && text[0] == '/' && !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= 107 ? text : null;
}
