using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>Which upstream it is, and what collections are called there. Immutable.</summary>
internal sealed class UpstreamNames
{
    private const string UrlMember = "url";
    private const string RulesMember = "rules";
    private const string MatchMember = "match";
    private const string TargetMember = "target";

    private readonly string _url;
    private readonly SyncRules _rules;

    private UpstreamNames(string url, SyncRules rules) => (_url, _rules) = (url, rules);

    /// <summary>Those of a configuration.</summary>
    public static UpstreamNames Of(UpstreamOptions options) => new(options.Url.WithoutCredentials(), options.Rules);

    /// <summary>Reads what <see cref="ToJson"/> made.</summary>
    public static UpstreamNames Read(JsonElement noted) =>
        new(noted.GetProperty(UrlMember).GetString()!, new SyncRules([.. noted.GetProperty(RulesMember).EnumerateArray().Select(static rule => new SyncRule
        {
            Match = CollectionPattern.Parse(rule.GetProperty(MatchMember).GetString()!),
            Target = rule.GetProperty(TargetMember).GetString() is { } target ? CollectionPattern.Parse(target) : null,
        })]));

    /// <summary>Where a collection is: the upstream's address and the name there; null when no rule is for it.</summary>
    public string? Find(CollectionName local) => _rules.TryFind(local, out var rule) ? $"{_url} {rule.NameUpstream(local)}" : null;

    /// <summary>To be kept.</summary>
    public JsonObject ToJson() => new()
    {
        [UrlMember] = _url,
        [RulesMember] = new JsonArray([.. _rules.All.Select(static rule => new JsonObject { [MatchMember] = rule.Match.ToString(), [TargetMember] = rule.Target?.ToString() })]),
    };
}
