using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Api.Documents;

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
}
