using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Events.Rules;

/// <summary>What must hold for a rule.</summary>
internal sealed class RuleCondition
{
    /// <summary>Deeper ones are a mistake, and would cost a stack.</summary>
    private const int MaxDepth = 16;

    private const string Rule = "must be \"always\", or an object with one of isChannel, not, and, or";

    private readonly Func<EventDraft, bool> _holds;

    private RuleCondition(Func<EventDraft, bool> holds) => _holds = holds;

    private static RuleCondition Never { get; } = new(static _ => false);

    public bool Holds(EventDraft draft) => _holds(draft);

    public static RuleCondition Read(JsonNode? node, string path, FieldReader fields, int depth)
    {
        if (depth > MaxDepth)
        {
            fields.Refuse(path, string.Create(CultureInfo.InvariantCulture, $"is nested deeper than {MaxDepth} levels"));
            return Never;
        }

        if (node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() == "always") return new RuleCondition(static _ => true);
        if (node is not JsonObject { Count: 1 } condition)
        {
            fields.Refuse(path, Rule);
            return Never;
        }

        var (name, value) = condition.Single();
        switch (name)
        {
            case "isChannel" when fields.Text(value, $"{path}.isChannel") is { } channel:
                return new RuleCondition(draft => draft.Channel == channel);
            case "not":
                var inner = Read(value, $"{path}.not", fields, depth + 1);
                return new RuleCondition(draft => !inner.Holds(draft));
            case "and" or "or" when fields.List(condition, name, $"{path}.{name}", most: 100) is { } list:
                var all = list.Select((item, i) => Read(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{name}[{i}]"), fields, depth + 1)).ToList();
                return name == "and" ? new RuleCondition(draft => all.TrueForAll(one => one.Holds(draft))) : new RuleCondition(draft => all.Exists(one => one.Holds(draft)));
            default:
                fields.Refuse(path, Rule);
                return Never;
        }
    }
}
