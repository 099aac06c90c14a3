using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Events.Rules;

/// <summary>One of <c>spec.publish.rules</c>: when something holds, then do some steps. Immutable.</summary>
internal sealed record PublishRule(RuleCondition When, IReadOnlyList<RuleStep> Then)
{
    private const int MostRules = 100;

    /// <summary>Reads the section <c>spec.publish</c>.</summary>
    public static IReadOnlyList<PublishRule> ReadAll(JsonObject? publish, FieldReader fields)
    {
        var rules = new List<PublishRule>();
        var list = fields.List(publish, "rules", "spec.publish.rules", MostRules);
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"spec.publish.rules[{i}]");
            if (list![i] is not JsonObject rule)
            {
                fields.Refuse(at, "must be an object with when and then");
                break;
            }

            fields.Only(rule, at, "when", "then");
            rules.Add(new PublishRule(RuleCondition.Read(rule["when"], $"{at}.when", fields, depth: 0), RuleStep.ReadAll(rule, at, fields)));
        }

        return rules;
    }

    /// <summary>Takes an event through the rules, in their order, until one has decided.</summary>
    public static void Run(IReadOnlyList<PublishRule> rules, EventDraft draft)
    {
        foreach (var rule in rules)
        {
            if (!rule.When.Holds(draft)) continue;

            foreach (var step in rule.Then)
            {
                step.Do(draft);
                if (draft.Verdict is not null || step.IsLast) return;
            }
        }
    }
}
