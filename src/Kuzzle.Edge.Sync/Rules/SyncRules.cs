using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sync.Rules;

/// <summary>The rules in their order: of those that are for a collection, the first holds. Immutable; may be asked from any thread.</summary>
public sealed class SyncRules(IReadOnlyList<SyncRule> rules)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<SyncRule> All => rules;

    /// <summary>The rule of a collection, or false when it stays here. What the product keeps for itself always does.</summary>
    public bool TryFind(CollectionName collection, [NotNullWhen(true)] out SyncRule? rule)
    {
        rule = collection.Index == InternalIndex.Name ? null : rules.FirstOrDefault(rule => rule.Match.Covers(collection));
        return rule is not null;
    }

    /// <summary>Which ways the documents of a collection go.</summary>
    public UpstreamRoute RouteOf(CollectionName collection) => TryFind(collection, out var rule) ? rule.Route : UpstreamRoute.None;

    /// <summary>Whether collections of an index of the upstream may come down.</summary>
    public bool TakeSomeOf(string upstreamIndex) => rules.Any(rule => rule.Direction != SyncDirection.Up && (rule.Target ?? rule.Match).CoversSomeOf(upstreamIndex));

    /// <summary>What a collection of the upstream is called here; null when it does not come down.</summary>
    public CollectionName? FindLocal(CollectionName upstream)
    {
        foreach (var rule in rules.Where(rule => rule.Direction != SyncDirection.Up))
        {
            var local = rule.Target is { } target ? rule.Match.Unfill(target, upstream) : rule.Match.Covers(upstream) ? upstream : null;
            if (local is { } name && TryFind(name, out var holds) && holds == rule) return name;
        }

        return null;
    }
}
