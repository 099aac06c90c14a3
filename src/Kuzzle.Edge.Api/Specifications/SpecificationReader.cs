using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Specifications.Values;
using Kuzzle.Edge.Koncorde;

namespace Kuzzle.Edge.Api.Specifications;

/// <summary>Reads a specification as clients write it, and finds all that is wrong with it. Fields within others are written with slashes: <c>a/b</c>.</summary>
internal sealed class SpecificationReader(CollectionName collection, int maxConditions, TimeProvider clock)
{
    private static readonly string[] RootKeys = ["strict", "fields", "validators"];
    private static readonly string[] FieldKeys = ["type", "mandatory", "defaultValue", "description", "multivalued", "typeOptions"];

    private readonly List<string> _faults = [];
    private readonly string _name = $"{collection.Index}.{collection.Collection}";

    /// <summary>What is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Why the validators are no filter, when that is what is wrong.</summary>
    public string? FilterFault { get; private set; }

    /// <summary>The specification, or null when something is wrong.</summary>
    public Specification? Read(JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object)
        {
            _faults.Add($"The specification of \"{_name}\" must be an object.");
            return null;
        }

        CheckKeys(given, RootKeys, _name);
        var isStrict = Flag(given, "strict", _name) ?? false;
        var fields = new Dictionary<string, FieldRule>(StringComparer.Ordinal);
        if (Member(given, "fields", JsonValueKind.Object, _name) is { ValueKind: JsonValueKind.Object } specified) ReadFields(specified, fields);
        var filter = ReadValidators(given);
        return _faults.Count == 0 ? new Specification(isStrict, fields, filter) : null;
    }

    private KoncordeFilter? ReadValidators(JsonElement given)
    {
        if (!given.TryGetProperty("validators", out var validators) || validators.ValueKind == JsonValueKind.Null) return null;

        // A list of clauses, all of which must match.
        var filter = validators.ValueKind == JsonValueKind.Array ? JsonElement.Parse("{\"bool\":{\"must\":" + validators.GetRawText() + "}}") : validators;
        if (KoncordeFilter.TryParse(filter, maxConditions, out var parsed, out var refusal)) return parsed;

        FilterFault = refusal;
        _faults.Add($"In \"{_name}\": the validators are no filter: {refusal}");
        return null;
    }

    private void ReadFields(JsonElement specified, Dictionary<string, FieldRule> root)
    {
        // Parents before their children, whatever the order in which they were written.
        foreach (var field in specified.EnumerateObject().OrderBy(field => field.Name.Count(character => character == '/')))
        {
            var path = field.Name.Split('/');
            var at = $"{_name}.{string.Join('.', path)}";
            var level = root;
            foreach (var name in path[..^1])
            {
                if (level is null || !level.TryGetValue(name, out var parent)) level = null;
                else if (parent.Value.MayHaveChildren) level = parent.Children;
                else
                {
                    _faults.Add($"The field type of the parent of \"{at}\" cannot have child fields.");
                    level = null;
                    break;
                }
            }

            if (level is null)
            {
                _faults.Add($"No specification was found for the parent of \"{at}\".");
                continue;
            }

            if (ReadField(field.Value, path[^1], at) is { } rule) level[path[^1]] = rule;
        }
    }

    private FieldRule? ReadField(JsonElement specified, string name, string at)
    {
        if (specified.ValueKind != JsonValueKind.Object)
        {
            _faults.Add($"The specification of \"{at}\" must be an object.");
            return null;
        }

        CheckKeys(specified, FieldKeys, at);
        var isMandatory = Flag(specified, "mandatory", at) ?? false;
        var multiple = ReadMultiple(specified, at);
        var options = Member(specified, "typeOptions", JsonValueKind.Object, at);
        if (!specified.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            _faults.Add($"In \"{at}\": missing property \"type\".");
            return null;
        }

        var value = ReadValue(type.GetString()!, options, at);
        return value is null ? null : new FieldRule(name, value)
        {
            IsMandatory = isMandatory,
            Multiple = multiple,
            Default = specified.TryGetProperty("defaultValue", out var byDefault) && byDefault.ValueKind != JsonValueKind.Null ? byDefault.Clone() : default,
        };
    }

    private (double? Min, double? Max)? ReadMultiple(JsonElement specified, string at)
    {
        if (Member(specified, "multivalued", JsonValueKind.Object, at) is not { ValueKind: JsonValueKind.Object } given) return null;

        CheckKeys(given, ["value", "minCount", "maxCount"], $"{at}.multivalued");
        if (Flag(given, "value", $"{at}.multivalued") is not { } isMultiple)
        {
            _faults.Add($"In \"{at}.multivalued\": missing property \"value\".");
            return null;
        }

        var (min, max) = (Number(given, "minCount", $"{at}.multivalued"), Number(given, "maxCount", $"{at}.multivalued"));
        if (!isMultiple && (min ?? max) is not null) _faults.Add($"In \"{at}\": the field is not multivalued, so it has no minCount and maxCount.");
        CheckRange("multivalued", min, max, at);
        return isMultiple ? (min, max) : null;
    }

    private ValueRule? ReadValue(string type, JsonElement options, string at)
    {
        var path = $"{at}.typeOptions";
        switch (type)
        {
            case "anything":
                return Plain(options, path, new AnyValue());
            case "boolean":
                return Plain(options, path, new BooleanValue());
            case "geo_point":
                return Plain(options, path, new GeoPointValue());
            case "object":
                CheckKeys(options, ["strict"], path);
                return new ObjectValue(Flag(options, "strict", path));
            case "numeric" or "integer":
                CheckKeys(options, ["range"], path);
                var (least, most) = ReadRange(options, "range", at);
                return new NumberValue(type == "integer", least, most);
            case "string":
                CheckKeys(options, ["length"], path);
                var (shortest, longest) = ReadRange(options, "length", at);
                return new TextValue(shortest, longest);
            case "email" or "url" or "ip_address":
                CheckKeys(options, ["notEmpty"], path);
                var mayBeEmpty = !(Flag(options, "notEmpty", path) ?? false);
                return type switch
                {
                    "email" => new FormattedText("email address", mayBeEmpty, TextForms.IsEmail),
                    "url" => new FormattedText("URL", mayBeEmpty, TextForms.IsUrl),
                    _ => new FormattedText("IP address", mayBeEmpty, TextForms.IsIpAddress),
                };
            case "enum":
                CheckKeys(options, ["values"], path);
                return ReadEnum(options, at);
            case "geo_shape":
                CheckKeys(options, ["shapeTypes"], path);
                return ReadShapes(options, at);
            case "date":
                CheckKeys(options, ["range", "formats"], path);
                return ReadDate(options, at);
            default:
                _faults.Add($"In \"{at}\": unknown type \"{type}\".");
                return null;
        }
    }

    private ValueRule Plain(JsonElement options, string path, ValueRule rule)
    {
        CheckKeys(options, [], path);
        return rule;
    }

    private EnumValue? ReadEnum(JsonElement options, string at)
    {
        if (Texts(options, "values", $"{at}.typeOptions") is { Count: > 0 } values) return new EnumValue(values);

        _faults.Add($"In \"{at}\": an enum needs a list of values.");
        return null;
    }

    private GeoShapeValue ReadShapes(JsonElement options, string at)
    {
        var shapes = Texts(options, "shapeTypes", $"{at}.typeOptions") ?? GeoShapeValue.Shapes;
        var unknown = shapes.Except(GeoShapeValue.Shapes, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0) _faults.Add($"In \"{at}\": unknown shapes: {string.Join(", ", unknown)}.");
        return new GeoShapeValue(shapes);
    }

    private DateValue ReadDate(JsonElement options, string at)
    {
        var formats = new List<DateFormat>();
        foreach (var name in Texts(options, "formats", $"{at}.typeOptions") ?? [DateFormat.EpochMilliseconds.Name])
        {
            if (DateFormat.TryFind(name, out var format)) formats.Add(format);
            else _faults.Add($"In \"{at}\": unknown date format \"{name}\".");
        }

        var range = Member(options, "range", JsonValueKind.Object, $"{at}.typeOptions");
        CheckKeys(range, ["min", "max"], $"{at}.typeOptions.range");
        return new DateValue(formats, Bound(range, "min", formats, at), Bound(range, "max", formats, at));
    }

    private Func<DateTimeOffset>? Bound(JsonElement range, string name, List<DateFormat> formats, string at)
    {
        if (range.ValueKind != JsonValueKind.Object || !range.TryGetProperty(name, out var given) || given.ValueKind == JsonValueKind.Null) return null;
        if (given.ValueKind == JsonValueKind.String && given.ValueEquals("NOW")) return clock.GetUtcNow;

        var any = formats.Append(DateFormat.EpochMilliseconds).Concat(DateFormat.TryFind("date_optional_time", out var iso) ? [iso] : []);
        if (given.ValueKind is JsonValueKind.String or JsonValueKind.Number && any.Select(format => format.Read(given)).FirstOrDefault(date => date is not null) is { } bound) return () => bound;

        _faults.Add($"In \"{at}\": the {name} of the range, {given.GetRawText()}, is no date.");
        return null;
    }

    private (double? Min, double? Max) ReadRange(JsonElement options, string name, string at)
    {
        var range = Member(options, name, JsonValueKind.Object, $"{at}.typeOptions");
        var path = $"{at}.typeOptions.{name}";
        CheckKeys(range, ["min", "max"], path);
        var (min, max) = (Number(range, "min", path), Number(range, "max", path));
        CheckRange(name, min, max, at);
        return (min, max);
    }

    private void CheckRange(string name, double? min, double? max, string at)
    {
        if (min > max) _faults.Add($"In \"{at}\": invalid {name}: the minimum ({min}) is above the maximum ({max}).");
    }

    private void CheckKeys(JsonElement level, string[] known, string path)
    {
        if (level.ValueKind == JsonValueKind.Object && level.EnumerateObject().Any(member => !Array.Exists(known, member.NameEquals)))
        {
            _faults.Add($"The object \"{path}\" contains unexpected properties (allowed: {(known.Length == 0 ? "none" : string.Join(", ", known))}).");
        }
    }

    private JsonElement Member(JsonElement level, string name, JsonValueKind kind, string path)
    {
        if (level.ValueKind != JsonValueKind.Object || !level.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return default;
        if (member.ValueKind == kind) return member;

        _faults.Add($"Wrong type for the parameter \"{path}.{name}\": expected {(kind == JsonValueKind.Object ? "an object" : kind == JsonValueKind.Array ? "an array" : "a number")}.");
        return default;
    }

    private bool? Flag(JsonElement level, string name, string path)
    {
        if (level.ValueKind != JsonValueKind.Object || !level.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return null;
        if (member.ValueKind is JsonValueKind.True or JsonValueKind.False) return member.GetBoolean();

        _faults.Add($"Wrong type for the parameter \"{path}.{name}\": expected a boolean.");
        return null;
    }

    private double? Number(JsonElement level, string name, string path) =>
        Member(level, name, JsonValueKind.Number, path) is { ValueKind: JsonValueKind.Number } member && member.TryGetDouble(out var number) ? number : null;

    private List<string>? Texts(JsonElement level, string name, string path)
    {
        if (Member(level, name, JsonValueKind.Array, path) is not { ValueKind: JsonValueKind.Array } list) return null;
        if (list.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String)) return [.. list.EnumerateArray().Select(text => text.GetString()!)];

        _faults.Add($"Wrong type for the parameter \"{path}.{name}\": expected an array of strings.");
        return [];
    }
}
