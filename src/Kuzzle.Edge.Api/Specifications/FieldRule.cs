using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Specifications.Values;

namespace Kuzzle.Edge.Api.Specifications;

/// <summary>What one field must be. Immutable once the specification is read.</summary>
internal sealed class FieldRule(string name, ValueRule value)
{
    public string Name { get; } = name;

    public ValueRule Value { get; } = value;

    public bool IsMandatory { get; init; }

    /// <summary>What a document gets that has none; Undefined for nothing.</summary>
    public JsonElement Default { get; init; }

    /// <summary>Null when there must be one value only; else how many there may be.</summary>
    public (double? Min, double? Max)? Multiple { get; init; }

    public Dictionary<string, FieldRule> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Checks the field in the object that may hold it.</summary>
    public void Check(JsonElement holder, bool strict, IReadOnlyList<string> path, DocumentFaults faults)
    {
        if (holder.ValueKind != JsonValueKind.Object || !holder.TryGetProperty(Name, out var found) || found.ValueKind == JsonValueKind.Null)
        {
            if (IsMandatory) faults.Add(path, "The field is mandatory.");
            return;
        }

        if (Multiple is not { } count)
        {
            if (found.ValueKind == JsonValueKind.Array && Value is not (AnyValue or GeoPointValue)) faults.Add(path, "The field is not a multivalued field; multiple values were provided.");
            else CheckOne(found, strict, path, faults);
        }
        else if (found.ValueKind != JsonValueKind.Array)
        {
            faults.Add(path, "The field must be multivalued; a single value was provided.");
        }
        else if (found.GetArrayLength() < count.Min)
        {
            faults.Add(path, $"Not enough elements. Minimum count is set to {count.Min}.");
        }
        else if (found.GetArrayLength() > count.Max)
        {
            faults.Add(path, $"Too many elements. Maximum count is set to {count.Max}.");
        }
        else
        {
            foreach (var element in found.EnumerateArray()) CheckOne(element, strict, path, faults);
        }
    }

    /// <summary>Puts the default where there is nothing, here and within. False when nothing was put.</summary>
    public bool Complete(JsonObject holder)
    {
        if (!holder.TryGetPropertyValue(Name, out var found))
        {
            if (Default.ValueKind == JsonValueKind.Undefined) return false;
            holder[Name] = JsonNode.Parse(Default.GetRawText());
            return true;
        }

        var changed = false;
        if (found is JsonObject inner)
        {
            foreach (var child in Children.Values) changed |= child.Complete(inner);
        }

        return changed;
    }

    private void CheckOne(JsonElement value, bool strict, IReadOnlyList<string> path, DocumentFaults faults)
    {
        if (Value.FindFault(value) is { } fault) faults.Add(path, fault);
        else if (Value.MayHaveChildren && Children.Count > 0) Specification.CheckLevel(value, Children, Value.IsStrict ?? strict, path, faults);
    }
}
