using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Mappings;

/// <summary>What mappings may say, how two of them become one, and which documents they let in.</summary>
internal static class MappingRules
{
    private static readonly string[] RootKeys = ["properties", "_meta", "dynamic", "dynamic_templates"];
    private static readonly string[] Types =
    [
        "keyword", "text", "constant_keyword", "wildcard", "long", "integer", "short", "byte", "double", "float", "half_float", "scaled_float",
        "unsigned_long", "boolean", "date", "date_nanos", "binary", "object", "nested", "flattened", "geo_point", "geo_shape", "ip", "integer_range",
        "float_range", "long_range", "double_range", "date_range", "ip_range", "alias", "join", "completion", "search_as_you_type", "token_count",
    ];

    /// <summary>The first fault of a mapping as a client sent it, or null.</summary>
    public static ApiError? FindFault(JsonElement mapping) => FindFault(mapping, path: "", isRoot: true);

    /// <summary>Why a mapping cannot become another, though both are right: a field keeps the type it has.</summary>
    public static ApiError? FindChangeFault(JsonElement current, JsonElement change) => FindChangeFault(current, change, prefix: "");

    /// <summary>The mapping that a collection has when nothing is said.</summary>
    public static JsonElement Empty { get; } = JsonElement.Parse("""{"dynamic":"false","properties":{}}""");

    /// <summary>What a collection has after <paramref name="change"/>: fields are added or replaced, none is lost.</summary>
    public static JsonElement Merge(JsonElement current, JsonElement change)
    {
        var merged = JsonObject.Create(current)!.DeepClone().AsObject();
        MergeInto(merged, change);
        return ToElement(merged);
    }

    /// <summary>The field that a strict mapping does not have, if the document has one.</summary>
    public static string? FindUnmapped(JsonElement mapping, JsonElement body) => FindUnmapped(mapping, body, inherited: "false", prefix: "");

    /// <summary>Whether any level of the mapping takes up what documents bring.</summary>
    public static bool CanGrow(JsonElement mapping)
    {
        if (DynamicOf(mapping, "false") == "true") return true;
        if (!mapping.TryGetProperty("properties", out var fields)) return false;

        foreach (var field in fields.EnumerateObject())
        {
            if (HoldsFields(field.Value) && CanGrow(field.Value)) return true;
        }

        return false;
    }

    /// <summary>The mapping grown by what <c>dynamic: true</c> infers from the documents, or null when it has all.</summary>
    public static JsonElement? Infer(JsonElement mapping, IReadOnlyList<JsonElement> documents)
    {
        if (!documents.Any(document => NeedsInference(mapping, document, "false"))) return null;

        var grown = JsonObject.Create(mapping)!.DeepClone().AsObject();
        foreach (var document in documents) InferInto(grown, document, "false");
        return ToElement(grown);
    }

    private static ApiError? FindFault(JsonElement level, string path, bool isRoot)
    {
        if (level.ValueKind != JsonValueKind.Object) return StorageErrors.InvalidMapping(path, "It must be an object.");

        foreach (var member in level.EnumerateObject())
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!Array.Exists(RootKeys, member.NameEquals) && (isRoot || !member.NameEquals("type"))) return StorageErrors.InvalidMapping(at, Hint(member.Name, isRoot));
            if (member.NameEquals("dynamic") && FindDynamicFault(member.Value, at) is { } fault) return fault;
        }

        if (!level.TryGetProperty("properties", out var properties)) return null;
        if (properties.ValueKind != JsonValueKind.Object) return StorageErrors.InvalidMapping($"{path}properties", "It must be an object.");

        foreach (var field in properties.EnumerateObject())
        {
            if (FindFieldFault(field, path) is { } fault) return fault;
        }

        return null;
    }

    private static ApiError? FindFieldFault(JsonProperty field, string path)
    {
        var at = path.Length == 0 ? $"properties.{field.Name}" : $"{path}.properties.{field.Name}";
        if (field.Value.ValueKind != JsonValueKind.Object) return StorageErrors.InvalidMapping(at, "It must be an object.");
        if (field.Value.TryGetProperty("type", out var type)
            && (type.ValueKind != JsonValueKind.String || !Array.Exists(Types, type.ValueEquals)))
        {
            return StorageErrors.UnexpectedBadRequest($"Failed to parse mapping [_doc]: No handler for type [{type}] declared on field [{field.Name}]");
        }

        if (field.Value.TryGetProperty("properties", out _)) return FindFault(field.Value, at, isRoot: false);
        return field.Value.TryGetProperty("dynamic", out var dynamic) ? FindDynamicFault(dynamic, $"{at}.dynamic") : null;
    }

    private static ApiError? FindDynamicFault(JsonElement dynamic, string at) => dynamic.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => null,
        JsonValueKind.String when dynamic.GetString() is "true" or "false" or "strict" => null,
        JsonValueKind.String => StorageErrors.InvalidMapping(
            at, $"Incorrect dynamic property value ({dynamic.GetString()}). Should be one of \"true\", \"false\", \"strict\""),
        _ => StorageErrors.InvalidMapping(at, "Dynamic property value should be a string."),
    };

    private static ApiError? FindChangeFault(JsonElement current, JsonElement change, string prefix)
    {
        if (!current.TryGetProperty("properties", out var known) || !change.TryGetProperty("properties", out var fields)) return null;

        foreach (var field in fields.EnumerateObject())
        {
            if (!known.TryGetProperty(field.Name, out var before)) continue;

            var path = prefix + field.Name;
            var type = FieldTypeOf(before);
            if (type != FieldTypeOf(field.Value)) return StorageErrors.CannotChangeMapping(path, type);
            if (FindChangeFault(before, field.Value, path + ".") is { } fault) return fault;
        }

        return null;
    }

    /// <summary>A field without a type is an object.</summary>
    private static string FieldTypeOf(JsonElement field) => field.TryGetProperty("type", out var type) ? type.GetString()! : "object";

    private static string Hint(string name, bool isRoot)
    {
        string[] known = isRoot ? RootKeys : [.. RootKeys, "type"];
        return known.FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) is { } meant ? $"Did you mean \"{meant}\"?" : "";
    }

    private static void MergeInto(JsonObject target, JsonElement change)
    {
        foreach (var member in change.EnumerateObject())
        {
            if (member.NameEquals("properties"))
            {
                if (target["properties"] is not JsonObject fields) target["properties"] = fields = [];
                foreach (var field in member.Value.EnumerateObject())
                {
                    // A new field is merged into nothing rather than copied, so that all levels come out in the same spelling.
                    if (fields[field.Name] is not JsonObject known) fields[field.Name] = known = [];
                    MergeInto(known, field.Value);
                }
            }
            else if (member.NameEquals("dynamic"))
            {
                target["dynamic"] = TextOf(member.Value);
            }
            else
            {
                target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }
    }

    private static string TextOf(JsonElement dynamic) => dynamic.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => dynamic.GetString()!,
    };

    private static string DynamicOf(JsonElement level, string inherited) => level.TryGetProperty("dynamic", out var dynamic) ? TextOf(dynamic) : inherited;

    private static string? FindUnmapped(JsonElement level, JsonElement body, string inherited, string prefix)
    {
        var dynamic = DynamicOf(level, inherited);
        var hasFields = level.TryGetProperty("properties", out var fields);
        foreach (var (name, value) in DocumentJson.MembersOf(body))
        {
            if (prefix.Length == 0 && name == Metadata.Name) continue;
            if (!hasFields || !fields.TryGetProperty(name, out var field))
            {
                if (dynamic == "strict") return prefix + name;
                continue;
            }

            if (!HoldsFields(field)) continue;
            foreach (var nested in ObjectsIn(value))
            {
                if (FindUnmapped(field, nested, dynamic, $"{prefix}{name}.") is { } found) return found;
            }
        }

        return null;
    }

    private static bool NeedsInference(JsonElement level, JsonElement body, string inherited)
    {
        var dynamic = DynamicOf(level, inherited);
        var hasFields = level.TryGetProperty("properties", out var fields);
        foreach (var (name, value) in DocumentJson.MembersOf(body))
        {
            if (name == Metadata.Name) continue;
            if (hasFields && fields.TryGetProperty(name, out var field))
            {
                if (HoldsFields(field) && ObjectsIn(value).Any(nested => NeedsInference(field, nested, dynamic))) return true;
            }
            else if (dynamic == "true" && TypeOf(value) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static void InferInto(JsonObject level, JsonElement body, string inherited)
    {
        var dynamic = (string?)level["dynamic"] ?? inherited;
        if (level["properties"] is not JsonObject fields) level["properties"] = fields = [];
        foreach (var (name, value) in DocumentJson.MembersOf(body))
        {
            if (name == Metadata.Name) continue;
            if (fields[name] is not JsonObject field)
            {
                if (dynamic != "true" || TypeOf(value) is not { } type) continue;
                fields[name] = field = type;
            }

            if (!field.ContainsKey("properties") && !field.ContainsKey("dynamic")) continue;
            foreach (var nested in ObjectsIn(value)) InferInto(field, nested, dynamic);
        }
    }

    private static bool HoldsFields(JsonElement field) => field.TryGetProperty("properties", out _) || field.TryGetProperty("dynamic", out _);

    /// <summary>The objects that a field's value consists of: an array stands for its elements.</summary>
    private static IEnumerable<JsonElement> ObjectsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => [value],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(ObjectsIn),
        _ => [],
    };

    /// <summary>As Elasticsearch guesses: whole numbers long, others float, ISO strings date, other strings text with a keyword beside it.</summary>
    private static JsonObject? TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => new JsonObject { ["type"] = "boolean" },
        JsonValueKind.Number => new JsonObject { ["type"] = value.TryGetInt64(out _) ? "long" : "float" },
        JsonValueKind.String when value.TryGetDateTimeOffset(out _) => new JsonObject { ["type"] = "date" },
        JsonValueKind.String => new JsonObject
        {
            ["type"] = "text",
            ["fields"] = new JsonObject { ["keyword"] = new JsonObject { ["type"] = "keyword", ["ignore_above"] = 256 } },
        },
        JsonValueKind.Object => new JsonObject { ["properties"] = new JsonObject() },
        JsonValueKind.Array => value.EnumerateArray().Select(TypeOf).FirstOrDefault(type => type is not null),
        _ => null,
    };

    private static JsonElement ToElement(JsonObject node) => JsonElement.Parse(node.ToJsonString());
}
