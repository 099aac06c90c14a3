using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Events.Rules;

/// <summary>One step of a rule.</summary>
internal sealed class RuleStep
{
    private const string Rule = "must be \"drop\", \"break\", or an object with one of reject, setAttribute, removeAttribute, setExtension, removeExtension";

    /// <summary>Attributes that rules may change; who it is and when is not theirs to say.</summary>
    private static readonly string[] Attributes = ["subject", "type", "datacontenttype", "dataschema"];

    private readonly Action<EventDraft> _do;

    private RuleStep(Action<EventDraft> action) => _do = action;

    /// <summary>Whether neither this rule's next steps nor the next rules follow.</summary>
    public bool IsLast { get; private init; }

    public void Do(EventDraft draft) => _do(draft);

    public static IReadOnlyList<RuleStep> ReadAll(JsonObject rule, string path, FieldReader fields)
    {
        var steps = new List<RuleStep>();
        var list = fields.List(rule, "then", $"{path}.then", most: 100);
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            if (Read(list![i], string.Create(CultureInfo.InvariantCulture, $"{path}.then[{i}]"), fields) is { } step) steps.Add(step);
        }

        return steps;
    }

    private static RuleStep? Read(JsonNode? node, string path, FieldReader fields)
    {
        var (name, value) = node switch
        {
            JsonObject { Count: 1 } named => named.Single(),
            not null when node.GetValueKind() == JsonValueKind.String => KeyValuePair.Create(node.GetValue<string>(), (JsonNode?)null),
            _ => KeyValuePair.Create("", (JsonNode?)null),
        };
        var at = $"{path}.{name}";
        switch (name)
        {
            case "drop":
                return new RuleStep(static draft => draft.Verdict = EventOutcome.Dropped);
            case "break":
                return new RuleStep(static _ => { }) { IsLast = true };
            case "reject":
                var reason = fields.Text(value, at) ?? "A rule of the application refuses it.";
                return new RuleStep(draft => draft.Verdict = new EventOutcome(EventFate.Rejected, reason));
            case "setAttribute" when Pair(value, at, fields) is var (attribute, text):
                return Attribute(attribute, text, at, fields);
            case "removeAttribute" when fields.Text(value, at) is { } attribute:
                if (attribute == "dataschema") return new RuleStep(static draft => draft.Attributes["dataschema"] = null);
                fields.Refuse(at, "must be dataschema: an event cannot be without the others");
                return null;
            case "setExtension" when Pair(value, at, fields) is var (extension, text):
                return new RuleStep(draft =>
                {
                    draft.Extensions.RemoveAll(known => known.Key == extension);
                    draft.Extensions.Add(KeyValuePair.Create(extension, text));
                });
            case "removeExtension" when fields.Text(value, at) is { } extension:
                return new RuleStep(draft => draft.Extensions.RemoveAll(known => known.Key == extension));
            case "validate" or "enrich":
                fields.Refuse(at, "asks another server by HTTP for each event, which does not exist at the edge");
                return null;
            default:
                fields.Refuse(path, Rule);
                return null;
        }
    }

    private static RuleStep? Attribute(string attribute, string text, string at, FieldReader fields)
    {
        if (!Attributes.Contains(attribute)) fields.Refuse($"{at}.name", $"must be one of {string.Join(", ", Attributes)}");
        else if (text.Length == 0) fields.Refuse($"{at}.value", "must not be empty");
        else if (attribute == "subject") return new RuleStep(draft => draft.Channel = text);
        else return new RuleStep(draft => draft.Attributes[attribute] = text);
        return null;
    }

    private static (string Name, string Value)? Pair(JsonNode? node, string at, FieldReader fields)
    {
        var pair = node as JsonObject;
        fields.Only(pair, at, "name", "value");
        if (fields.Text(pair, "name", $"{at}.name") is { Length: > 0 } name && fields.Text(pair, "value", $"{at}.value") is { } value) return (name, value);

        fields.Refuse(at, "must be an object with name and value");
        return null;
    }
}
