using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>Who may use the open listeners, and what they may do there.</summary>
internal static class AccessSettings
{
    private const string Prefix = "server.protocols.mqtt.";

    private static readonly TextType<TopicPattern> Pattern = new(TopicPattern.Description, TopicPattern.Parse, static pattern => pattern.Text);

    private static readonly ListType<TopicPattern> Patterns = new("a list of topic filters", Pattern);

    public static readonly Setting<PasswordHash> Password = new(
        "password",
        new TextType<PasswordHash>(PasswordHash.Description, PasswordHash.Parse, static hash => hash.Text),
        null,
        "The hash of the password, as `kuzzle-edge passwd` prints it. Absent: the user comes with a certificate or pre-shared key only.")
    { IsSecret = true };

    public static readonly Setting<bool> Disabled = new("disabled", Types.Flag, false, "Shuts the user out, whatever it proves.");

    public static readonly Setting<IReadOnlyDictionary<string, SettingValues>> Users = new(
        Prefix + "users",
        new GroupMapType("text without control characters", IsUserName, new SettingSchema([Password, Disabled], [])),
        new Dictionary<string, SettingValues>(StringComparer.Ordinal),
        "The users of open listeners, by user name. May be changed with SIGHUP.");

    public static readonly Setting<IReadOnlyList<AccessSubject>> For = new(
        "for",
        new ListType<AccessSubject>("a list of whom it is for", new TextType<AccessSubject>(AccessSubject.Description, AccessSubject.Parse, static subject => subject.Text)) { MinCount = 1 },
        null,
        "Whom the rule is for: `everyone`, `anonymous`, `user:NAME`, `device:NAME`, `client:ID`; `*` stands for any characters.")
    { IsRequired = true };

    public static readonly Setting<IReadOnlyList<TopicPattern>> Read = new("read", Patterns, [], "What they may subscribe to and receive. A level `%u` is the user name, `%c` the client identifier.");

    public static readonly Setting<IReadOnlyList<TopicPattern>> Write = new("write", Patterns, [], "What they may publish.");

    public static readonly Setting<IReadOnlyList<TopicPattern>> ReadWrite = new("readwrite", Patterns, [], "Both.");

    public static readonly Setting<IReadOnlyList<TopicPattern>> Deny = new("deny", Patterns, [], "What they may neither receive nor publish, whatever other rules allow.");

    public static readonly Setting<IReadOnlyDictionary<string, SettingValues>> Acl = new(
        Prefix + "acl",
        new GroupMapType("text", static name => name.Length > 0, new SettingSchema([For, Read, Write, ReadWrite, Deny], [])),
        new Dictionary<string, SettingValues>(StringComparer.Ordinal),
        "The access list of open listeners: rules by names of your choice. Without any, every topic is open. May be changed with SIGHUP.");

    public static IReadOnlyList<Setting> All { get; } = [Users, Acl];

    private static bool IsUserName(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return bytes.Length is > 0 and <= TopicName.MaxBytes && Utf8Text.IsValidName(bytes);
    }
}
