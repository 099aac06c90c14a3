using System.Net;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>One further MQTT listener.</summary>
internal static class ListenerSettings
{
    public static readonly Setting<int> Port = new("port", Types.Port, default, "Its port; 0 lets the system choose one.") { IsRequired = true };

    public static readonly Setting<IPAddress> Host = new("host", Types.Address, IPAddress.Any, "The address on which it listens.");

    public static readonly Setting<ListenerProfile> Profile = new(
        "profile",
        new ChoiceType<ListenerProfile>(("kuzzle", ListenerProfile.Kuzzle), ("open", ListenerProfile.Open)),
        ListenerProfile.Kuzzle,
        "`kuzzle`: Kuzzle over MQTT; `open`: a plain broker.");

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

    public static SettingSchema Schema { get; } = new([Port, Host, Profile, .. OfAccess], []);
}
