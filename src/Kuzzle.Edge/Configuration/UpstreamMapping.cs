using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Sync;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Messages;
using Kuzzle.Edge.Sync.Nodes;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Configuration;

/// <summary>Puts the checked settings of the upstream into the terms of the link.</summary>
internal static class UpstreamMapping
{
    /// <summary>The link that the settings are; null when there is none.</summary>
    /// <param name="values">The settings of <c>upstream.kuzzle</c>, or null.</param>
    /// <param name="credentials">The folder of systemd's credentials, or null.</param>
    public static UpstreamOptions? Map(SettingValues? values, string? credentials) => values is null ? null : new UpstreamOptions
    {
        Url = values.Get(UpstreamSettings.Url),
        Rules = new SyncRules([.. values.Get(UpstreamSettings.Rules).Select(Rule)]),
        Auth = Auth(values.Find(UpstreamSettings.Auth), credentials),
        Tls = Tls(values.Find(UpstreamSettings.Tls), credentials),
        Compression = values.Get(UpstreamSettings.Compression),
        BatchSize = values.Get(UpstreamSettings.BatchSize),
        BatchBytes = (int)values.Get(UpstreamSettings.BatchBytes),
        RequestTimeout = values.Get(UpstreamSettings.RequestTimeout),
        KeepAlive = values.Get(UpstreamSettings.KeepAlive),
        MaxRetryDelay = values.Get(UpstreamSettings.MaxRetryDelay),
        CompareInterval = values.Get(UpstreamSettings.CompareInterval),
        CompareDelay = values.Get(UpstreamSettings.CompareDelay),
        Conflicts = values.Get(UpstreamSettings.Conflicts).Name,
        Node = Node(values.Find(UpstreamSettings.NodeGroup)),
        Messages = values.Find(UpstreamSettings.MessageBounds) is { } messages
            ? new MessageOptions { MaxCount = messages.Get(UpstreamSettings.MessageCount), MaxBytes = messages.Get(UpstreamSettings.MessageSize) }
            : new MessageOptions(),
        DeadLetters = values.Get(UpstreamSettings.DeadLetters).Name,
        Bandwidth = values.IsWritten(UpstreamSettings.Bandwidth) ? values.Get(UpstreamSettings.Bandwidth) : null,
        Schedule = [.. values.Get(UpstreamSettings.Schedule).Select(time => time.Window)],
        SchedulePriority = values.IsWritten(UpstreamSettings.SchedulePriority) ? values.Get(UpstreamSettings.SchedulePriority) : null,
    };

    /// <summary>What an encrypted connection trusts and shows.</summary>
    public static UpstreamTls Tls(SettingValues? tls, string? credentials) => tls is null ? new UpstreamTls() : new UpstreamTls
    {
        Trust = FullPath(tls.Find(UpstreamSettings.Trust), folder: null),
        Certificate = FullPath(tls.Find(UpstreamSettings.Certificate), folder: null),
        Key = FullPath(tls.Find(UpstreamSettings.CertificateKey), credentials),
        ServerName = tls.Find(UpstreamSettings.ServerName),
    };

    /// <summary>A secret as it was written, or the file that holds it; null when neither is there.</summary>
    public static UpstreamSecret? Secret(string? text, string? file, string? credentials) =>
        text is not null ? UpstreamSecret.Of(text)
        : FullPath(file, credentials) is { } path ? UpstreamSecret.InFile(path)
        : null;

    private static NodeOptions? Node(SettingValues? node)
    {
        var options = new NodeOptions { Version = ProductVersion.Text, HostName = Environment.MachineName };
        if (node is null) return options;
        if (!node.Get(UpstreamSettings.NodeEnabled)) return null;

        return options with
        {
            Id = node.Find(UpstreamSettings.NodeId),
            Identity = node.Get(UpstreamSettings.NodeIdentity),
            Collection = node.Get(UpstreamSettings.NodeCollection).Name,
            Interval = node.Get(UpstreamSettings.NodeInterval),
        };
    }

    private static UpstreamAuth? Auth(SettingValues? auth, string? credentials) => auth is null ? null : new UpstreamAuth
    {
        ApiKey = Secret(auth.Find(UpstreamSettings.ApiKey), auth.Find(UpstreamSettings.ApiKeyFile), credentials),
        UserName = auth.Find(UpstreamSettings.UserName),
        Password = Secret(auth.Find(UpstreamSettings.Password), auth.Find(UpstreamSettings.PasswordFile), credentials),
        Strategy = auth.Get(UpstreamSettings.Strategy),
    };

    private static SyncRule Rule(SettingValues rule) => new()
    {
        Match = rule.Get(UpstreamSettings.Match),
        Target = rule.Find(UpstreamSettings.Target),
        Direction = rule.Get(UpstreamSettings.Direction),
        Conflict = rule.Get(UpstreamSettings.Conflict),
        Filter = rule.Find(UpstreamSettings.Filter),
        Fields = new FieldSelection(rule.Get(UpstreamSettings.Include), rule.Get(UpstreamSettings.Exclude)),
        BatchSize = rule.IsWritten(UpstreamSettings.RuleBatchSize) ? rule.Get(UpstreamSettings.RuleBatchSize) : null,
        Priority = rule.Get(UpstreamSettings.Priority),
        Messages = rule.Get(UpstreamSettings.Messages),
        MayBeDropped = rule.Get(UpstreamSettings.MayBeDropped),
        DeleteAfter = rule.IsWritten(UpstreamSettings.DeleteAfter) ? rule.Get(UpstreamSettings.DeleteAfter) : null,
        DeleteAboveDisk = rule.IsWritten(UpstreamSettings.DeleteAboveDisk) ? rule.Get(UpstreamSettings.DeleteAboveDisk) : null,
        CompareInterval = rule.IsWritten(UpstreamSettings.RuleCompareInterval) ? rule.Get(UpstreamSettings.RuleCompareInterval) : null,
    };

    private static string? FullPath(string? path, string? folder) => path is null ? null : Path.GetFullPath(folder is null ? path : Path.Combine(folder, path));
}
