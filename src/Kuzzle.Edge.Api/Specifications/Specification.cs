using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Koncorde;

namespace Kuzzle.Edge.Api.Specifications;

/// <summary>What the documents of a collection must be.</summary>
/// <param name="isStrict">Whether fields that are not specified are refused.</param>
/// <param name="fields">The fields at the root.</param>
/// <param name="validators">A filter that documents must match, or null.</param>
internal sealed class Specification(bool isStrict, IReadOnlyDictionary<string, FieldRule> fields, KoncordeFilter? validators)
{
    private readonly Lock _lock = new();
    private readonly FilterIndex<string>? _validators = IndexOf(validators);

    /// <summary>The document with the default values that it lacks; what it was given when it lacks none.</summary>
    public JsonElement Complete(JsonElement document)
    {
        var body = document.ValueKind == JsonValueKind.Object ? document : JsonElement.Parse(DocumentJson.Verbatim(document).Span);
        var completed = JsonObject.Create(body)!.DeepClone().AsObject();
        var changed = false;
        foreach (var field in fields.Values) changed |= field.Complete(completed);
        return changed ? JsonElement.Parse(completed.ToJsonString()) : body;
    }

    /// <summary>All that is wrong with a whole document.</summary>
    public DocumentFaults Check(JsonElement document)
    {
        var faults = new DocumentFaults();
        CheckLevel(document, fields, isStrict, [], faults);
        if (_validators is not null && !IsMatch(document)) faults.AddToDocument("The document does not match validation filters.");
        return faults;
    }

    internal static void CheckLevel(
        JsonElement level, IReadOnlyDictionary<string, FieldRule> fields, bool isStrict, IReadOnlyList<string> path, DocumentFaults faults)
    {
        if (isStrict)
        {
            foreach (var (name, _) in DocumentJson.MembersOf(level))
            {
                var isOurs = path.Count == 0 && name == Metadata.Name;
                if (!isOurs && !fields.ContainsKey(name)) faults.AddToDocument($"The document validation is strict. Cannot add unspecified sub-field \"{name}\"");
            }
        }

        foreach (var field in fields.Values) field.Check(level, isStrict, [.. path, field.Name], faults);
    }

    private static FilterIndex<string>? IndexOf(KoncordeFilter? filter)
    {
        if (filter is null) return null;

        var index = new FilterIndex<string>();
        index.Add(filter, "validators");
        return index;
    }

    private bool IsMatch(JsonElement document)
    {
        var matches = new List<string>(1);
        lock (_lock) _validators!.CollectMatches(document, id: null, matches);
        return matches.Count > 0;
    }
}
