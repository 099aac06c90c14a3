using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Sync;
using Kuzzle.Edge.Sync.Nodes;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The Kuzzle to which documents go.</summary>
internal static class UpstreamSettings
{
    private static readonly UpstreamOptions Link = new()
    {
        Url = new Uri("ws://localhost:7512"),
        Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("*/*") }]),
    };

    private static readonly NodeOptions Node = new() { Version = ProductVersion.Text, HostName = Environment.MachineName };

    private static readonly OutboxBounds Outbox = new();

    private static readonly TextType<CollectionPattern> Pattern = new(
        "index/collection, with * for any name, such as \"plant/*\"", ParsePattern, static pattern => pattern.ToString());

    private static readonly ListType<string> Fields = new("a list of fields such as \"position.lat\"", Types.Text);

    public static readonly Setting<CollectionPattern> Match = new("match", Pattern, null, "Which collections it is for; `*` stands for any run of characters of a name.") { IsRequired = true };

    public static readonly Setting<CollectionPattern> Target = new(
        "target", Pattern, null, "What they are called upstream; `*` stands for the name here, so \"site7/\\*\" keeps the collections' names. Absent: as here.");

    public static readonly Setting<SyncDirection> Direction = new(
        "direction",
        new ChoiceType<SyncDirection>(("up", SyncDirection.Up), ("down", SyncDirection.Down), ("both", SyncDirection.Both)),
        SyncDirection.Up,
        "Which way documents go.");

    public static readonly Setting<ConflictPolicy> Conflict = new(
        "conflict",
        new ChoiceType<ConflictPolicy>(
            ("newest", ConflictPolicy.Newest), ("edge", ConflictPolicy.Edge), ("cloud", ConflictPolicy.Cloud), ("keep-both", ConflictPolicy.KeepBoth)),
        ConflictPolicy.Newest,
        "With `both`: which version of a document stays when it was changed on both sides. `keep-both`: the newest, and the other one goes to `conflicts`.");

    public static readonly Setting<DocumentFilter> Filter = new(
        "filter", new FilterType(), null, "A Koncorde filter: which documents travel. One that does not match any more is deleted on the other side. Absent: all.");

    public static readonly Setting<IReadOnlyList<string>> Include = new("include", Fields, [], "With `up`: which fields go, by dotted paths. Empty: all.");

    public static readonly Setting<IReadOnlyList<string>> Exclude = new("exclude", Fields, [], "With `up`: which fields stay here, by dotted paths.");

    public static readonly Setting<int> RuleBatchSize = new("batchSize", Types.Integer(1, 1000), 0, "How many documents travel in one request at the most. Absent: as many as the link allows.") { HasNoDefault = true };

    public static readonly Setting<int> Priority = new("priority", Types.Integer(-1000, 1000), 0, "How urgent it is: what has a larger number goes first.");

    public static readonly Setting<MessagePolicy> Messages = new(
        "messages",
        new ChoiceType<MessagePolicy>(("none", MessagePolicy.None), ("forward", MessagePolicy.Forward), ("store-and-forward", MessagePolicy.StoreAndForward)),
        MessagePolicy.None,
        "Whether messages that are published there without being stored (`realtime:publish`, events of devices) travel, too: `forward`: while the link is online; `store-and-forward`: all of them.");

    public static readonly Setting<bool> MayBeDropped = new(
        "droppable", Types.Flag, false, "Whether its oldest changes may be given up when the outbox is full and `upstream.outbox.whenFull` says \"drop\". They stay here.");

    public static readonly Setting<TimeSpan> DeleteAfter = new(
        "deleteAfter", Types.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(3653)), TimeSpan.Zero, "How long a document stays here when the upstream has it. Absent: for ever.")
    { HasNoDefault = true };

    public static readonly Setting<int> DeleteAboveDisk = new(
        "deleteAboveDisk", Types.Integer(1, 99), 0, "Percent of the disk in use beyond which documents are removed here that the upstream has, the oldest first. Absent: none are.")
    { HasNoDefault = true };

    public static readonly Setting<TimeSpan> RuleCompareInterval = new(
        "compareInterval", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)), TimeSpan.Zero, "How often what comes down is compared as a whole. Absent: as often as the link does.")
    { HasNoDefault = true };

    public static readonly Setting<IReadOnlyList<SettingValues>> Rules = new(
        "rules",
        new GroupListType(new SettingSchema([Match, Target, Direction, Conflict, Filter, Include, Exclude, RuleBatchSize, Priority, MayBeDropped, DeleteAfter, DeleteAboveDisk, RuleCompareInterval, Messages], []), shorthand: Match.Key),
        [],
        "What goes up or comes down, and how. Of the rules that are for a collection, the first holds. \"plant/\\*\" is short for a rule with nothing but `match`: what goes up whole.");

    public static readonly Setting<Uri> Url = new(
        "url",
        new TextType<Uri>(
            "an address such as \"ws://cloud.example:7512\" (ws, wss, http or https)",
            static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss" or "http" or "https" ? url : null,
            static url => url.OriginalString),
        null,
        "Where the upstream is. With ws or wss, HTTP is used where no WebSocket comes through.")
    { IsRequired = true };

    public static readonly Setting<string> ApiKey = new("apiKey", Types.Text, null, "An API key of the upstream (any other token will do, too, as long as it holds).") { IsSecret = true };

    public static readonly Setting<string> ApiKeyFile = new("apiKeyFile", Types.FilePath, null, "Instead: a file that holds nothing else. A relative path is below the folder of systemd's credentials.");

    public static readonly Setting<string> UserName = new("username", Types.Text, null, "Instead of an API key: the user who logs in by `password`. The link renews its login in time.");

    public static readonly Setting<string> Password = new("password", Types.Text, null, "That user's password.") { IsSecret = true };

    public static readonly Setting<string> PasswordFile = new("passwordFile", Types.FilePath, null, "Instead: a file that holds nothing else. A relative path is below the folder of systemd's credentials.");

    public static readonly Setting<string> Strategy = new("strategy", Types.Text, "local", "The upstream's strategy that checks user and password.");

    public static readonly Setting<SettingValues> Auth = new(
        "auth",
        new GroupType(new SettingSchema([ApiKey, ApiKeyFile, UserName, Password, PasswordFile, Strategy], [])),
        null,
        "Who the link is upstream. Absent: anonymous, or whom the upstream takes the holder of `tls.certificate` for. The files are read at each connection.");

    public static readonly Setting<string> Trust = new("ca", Types.FilePath, null, "A PEM file with the authorities that may sign the upstream's certificate. Absent: the system's.");

    public static readonly Setting<string> Certificate = new("certificate", Types.FilePath, null, "A PEM file with the certificate that this box shows. Absent: none.");

    public static readonly Setting<string> CertificateKey = new(
        "key", Types.FilePath, null, "The PEM file with its key. Absent: it is in the same file. A relative path is below the folder of systemd's credentials.");

    public static readonly Setting<string> ServerName = new("serverName", Types.HostName, null, "The name that the upstream's certificate must be for, and is asked for by. Absent: that of `url`.");

    public static readonly Setting<SettingValues> Tls = new(
        "tls",
        new GroupType(new SettingSchema([Trust, Certificate, CertificateKey, ServerName], [])),
        null,
        "What a wss or https link trusts and shows. The files are read at each connection.");

    public static readonly Setting<bool> Compression = new(
        "compression", Types.Flag, Link.Compression, "Whether the WebSocket is compressed if the upstream can. Over TLS, sizes then tell something of what is in a request.");

    public static readonly Setting<int> BatchSize = new("batchSize", Types.Integer(1, 1000), Link.BatchSize, "How many documents travel in one request; fewer when the upstream or the line is slow.");

    public static readonly Setting<long> BatchBytes = new("batchBytes", Types.Bytes(1024, 16 * 1024 * 1024), Link.BatchBytes, "How much of documents travels in one request.");

    public static readonly Setting<TimeSpan> RequestTimeout = new(
        "requestTimeout", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), Link.RequestTimeout, "How long an answer may take before the link counts as broken.");

    public static readonly Setting<TimeSpan> KeepAlive = new(
        "keepAlive", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Link.KeepAlive, "How long a quiet link waits before it asks whether the upstream is there.");

    public static readonly Setting<TimeSpan> MaxRetryDelay = new(
        "maxRetryDelay", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Link.MaxRetryDelay, "The longest pause between two attempts to connect.");

    public static readonly Setting<TimeSpan> CompareInterval = new(
        "compareInterval",
        Types.Duration(TimeSpan.FromSeconds(10), TimeSpan.FromDays(7)),
        Link.CompareInterval,
        "How often all that comes down is compared with the upstream, beside each new connection.");

    public static readonly Setting<TimeSpan> CompareDelay = new(
        "compareDelay",
        Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        Link.CompareDelay,
        "How soon after a new connection, give or take a half, it is made sure that nothing was deleted upstream meanwhile. For one collection not more often than every five times that.");

    public static readonly Setting<NamedCollection> Conflicts = new(
        "conflicts",
        new TextType<NamedCollection>("index/collection", NamedCollection.Parse, static collection => collection.Name.ToString()),
        new NamedCollection(Link.Conflicts),
        "Where `keep-both` keeps versions that lost.");

    public static readonly Setting<bool> NodeEnabled = new("enabled", Types.Flag, true, "Whether this box keeps a document about itself upstream.");

    public static readonly Setting<string> NodeId = new(
        "id",
        new TextType<string>("1 to 512 characters", static text => text.Length is >= 1 and <= 512 ? text : null, static text => text),
        null,
        "The document's identifier. Absent: by `identity`.");

    public static readonly Setting<NodeIdentity> NodeIdentity = new(
        "identity",
        new ChoiceType<NodeIdentity>(("generated", Sync.Nodes.NodeIdentity.Generated), ("machine-id", Sync.Nodes.NodeIdentity.MachineId), ("hostname", Sync.Nodes.NodeIdentity.HostName)),
        Sync.Nodes.NodeIdentity.Generated,
        "Where the identifier comes from: `generated`: made up once and kept with the data; `machine-id`: a digest of /etc/machine-id; `hostname`.");

    public static readonly Setting<NamedCollection> NodeCollection = new(
        "collection",
        new TextType<NamedCollection>("index/collection", NamedCollection.Parse, static collection => collection.Name.ToString()),
        new NamedCollection(Node.Collection),
        "The collection upstream. It is made there if it is missing.");

    public static readonly Setting<TimeSpan> NodeInterval = new(
        "interval", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), Node.Interval, "How often the document is renewed, beside each new connection.");

    public static readonly Setting<SettingValues> NodeGroup = new(
        "node",
        new GroupType(new SettingSchema([NodeEnabled, NodeId, NodeIdentity, NodeCollection, NodeInterval], [])),
        null,
        "The document that this box keeps about itself upstream: version, uptime, backlog, last seen.");

    public static readonly Setting<int> MessageCount = new(
        "maxCount", Types.Integer(1, 1_000_000), Link.Messages.MaxCount, "How many messages of `store-and-forward` may wait for the upstream; beyond, the oldest are dropped.");

    public static readonly Setting<long> MessageSize = new(
        "maxSize", Types.Bytes(64 * 1024, 16L * 1024 * 1024 * 1024), Link.Messages.MaxBytes, "How large they may be together.");

    public static readonly Setting<SettingValues> MessageBounds = new(
        "messages", new GroupType(new SettingSchema([MessageCount, MessageSize], [])), null, "The bounds of messages that wait for the upstream.");

    public static readonly Setting<NamedCollection> DeadLetters = new(
        "deadLetters",
        new TextType<NamedCollection>("index/collection", NamedCollection.Parse, static collection => collection.Name.ToString()),
        new NamedCollection(Link.DeadLetters),
        "Where what the upstream refuses for good is shown, one document for each with the reason. Deleting one gives it up.");

    public static readonly Setting<long> Bandwidth = new(
        "bandwidth", Types.Bytes(128, 1_000_000_000), 0, "How much is sent in a second, on average, before compression. Absent: as much as can be.")
    { HasNoDefault = true };

    public static readonly Setting<IReadOnlyList<SendTime>> Schedule = new(
        "schedule",
        new ListType<SendTime>("a list of times of the day such as \"22:00-06:00\"", new TextType<SendTime>("a time of the day such as \"22:00-06:00\"", SendTime.Parse, static time => time.Window.ToString())),
        [],
        "When documents go up, by the local clock, for lines that cost by the byte. What comes down always does. Empty: always.");

    public static readonly Setting<int> SchedulePriority = new(
        "schedulePriority", Types.Integer(-1000, 1000), 0, "Rules of this `priority`, or a larger one, do not heed the schedule. Absent: all do.")
    { HasNoDefault = true };

    public static readonly Setting<long> OutboxEntries = new("upstream.outbox.maxEntries", Types.Long(100, 100_000_000), Outbox.MaxEntries, "How many documents and deletions may wait for the upstream.");

    public static readonly Setting<long> OutboxBytes = new("upstream.outbox.maxSize", Types.Bytes(65_536, 1L << 40), Outbox.MaxBytes, "How large the documents may be together that wait.");

    public static readonly Setting<OutboxOverflow> WhenFull = new(
        "upstream.outbox.whenFull",
        new ChoiceType<OutboxOverflow>(("refuse", OutboxOverflow.Refuse), ("drop", OutboxOverflow.DropOldest)),
        Outbox.WhenFull,
        "`refuse`: writes that would add to it fail; `drop`: the oldest changes of `droppable` rules are given up, and writes fail when there are none.");

    /// <summary>The Kuzzle of the link.</summary>
    public static readonly Setting<SettingValues> Kuzzle = new(
        "upstream.kuzzle",
        new GroupType(new SettingSchema([Url, Auth, Tls, Rules, Compression, BatchSize, BatchBytes, RequestTimeout, KeepAlive, MaxRetryDelay, CompareInterval, CompareDelay, Conflicts, DeadLetters, Bandwidth, Schedule, SchedulePriority, NodeGroup, MessageBounds], [])),
        null,
        "The Kuzzle to which documents go, and from which they come. Absent: there is none.");

    public static IReadOnlyList<Setting> All { get; } = [OutboxEntries, OutboxBytes, WhenFull, Kuzzle];

    private static CollectionPattern? ParsePattern(string text)
    {
        try
        {
            return CollectionPattern.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
