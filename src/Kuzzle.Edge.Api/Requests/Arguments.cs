using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>
/// Reads the arguments of one request, one after another. The first that is wrong is what the request is refused for, and nothing is looked at after it; so the
/// order of the calls is the order in which a client hears of its mistakes. What was read is of use only when <see cref="AreWrong"/> is false.
/// </summary>
/// <param name="request">The request.</param>
public sealed class Arguments(ApiRequest request)
{
    private ApiError? _refusal;

    /// <summary>Whether something was wrong, and what.</summary>
    public bool AreWrong([NotNullWhen(true)] out ApiError? refusal)
    {
        refusal = _refusal;
        return refusal is not null;
    }

    /// <summary>Refuses the request for a reason of the action's own, unless something was wrong before.</summary>
    public void Refuse(ApiError? fault) => _refusal ??= fault;

    /// <summary>The target collection; its names are only checked to be there.</summary>
    public CollectionName Collection()
    {
        var name = default(CollectionName);
        if (_refusal is null) request.TryGetCollection(out name, out _refusal);
        return name;
    }

    /// <summary>The target index; its name is only checked to be there.</summary>
    public string Index()
    {
        if (string.IsNullOrEmpty(request.Index)) Refuse(AssertErrors.MissingArgument("index"));
        return request.Index ?? "";
    }

    /// <summary>The document's identifier, which must be there.</summary>
    public string Id()
    {
        string? id = null;
        if (_refusal is null) request.TryGetId(out id, out _refusal);
        return id ?? "";
    }

    /// <summary>The document's identifier, or null.</summary>
    public string? OptionalId()
    {
        string? id = null;
        if (_refusal is null) request.TryGetOptionalId(out id, out _refusal);
        return id;
    }

    /// <summary>The body, which must be there: an object or an array.</summary>
    public JsonElement Body()
    {
        var body = default(JsonElement);
        if (_refusal is null) request.TryGetBodyObject(out body, out _refusal);
        return body;
    }

    /// <summary>The body, which must be an object.</summary>
    public JsonElement BodyObject()
    {
        var body = Body();
        if (_refusal is null && body.ValueKind != JsonValueKind.Object) Refuse(AssertErrors.InvalidType("body", "object"));
        return body;
    }

    /// <summary>A member of the body, of a kind.</summary>
    public JsonElement FromBody(string name, JsonValueKind kind)
    {
        var value = default(JsonElement);
        if (_refusal is null) request.TryGetFromBody(name, kind, out value, out _refusal);
        return value;
    }

    /// <summary>A member of the body that may be absent (or null, which is the same).</summary>
    public JsonElement FromBody(string name, JsonValueKind kind, JsonElement byDefault) =>
        request.Body.ValueKind == JsonValueKind.Object && request.Body.TryGetProperty(name, out var given) && given.ValueKind != JsonValueKind.Null ? FromBody(name, kind) : byDefault;

    /// <summary>A switch; absent is false.</summary>
    public bool Switch(string name)
    {
        var value = false;
        if (_refusal is null) request.TryGetSwitch(name, out value, out _refusal);
        return value;
    }

    /// <summary>A whole number.</summary>
    public int Integer(string name, int byDefault)
    {
        var value = byDefault;
        if (_refusal is null) request.TryGetInteger(name, byDefault, out value, out _refusal);
        return value;
    }

    /// <summary>A text.</summary>
    public string Text(string name, string byDefault)
    {
        var value = byDefault;
        if (_refusal is null) request.TryGetText(name, byDefault, out value, out _refusal);
        return value;
    }

    /// <summary>The refresh option, which is checked and has no effect: everything here is visible at once.</summary>
    public void Refresh()
    {
        if (_refusal is null) request.TryCheckRefresh(out _refusal);
    }

    /// <summary>What a collection is defined as; it must exist. To be read last: what a request says is checked before what the store knows.</summary>
    internal CollectionDefinition Existing(CollectionName name, DocumentWriter documents)
    {
        CollectionDefinition? definition = null;
        if (_refusal is null) documents.TryGetCollection(name, out definition, out _refusal);
        return definition!;
    }

    /// <summary>A text or a number at the top level, as text.</summary>
    public string Scalar(string name) => ScalarOf(request.Argument(name), name);

    /// <summary>A text or a number in the body, as text.</summary>
    public string ScalarFromBody(string name)
    {
        Body();
        return ScalarOf(InBody(name), $"body.{name}");
    }

    /// <summary>A switch in the body; absent is false.</summary>
    public bool SwitchFromBody(string name)
    {
        var given = InBody(name);
        if (given.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined)) Refuse(AssertErrors.InvalidType($"body.{name}", "boolean"));
        return given.ValueKind == JsonValueKind.True;
    }

    /// <summary>A whole number in the body, which may be sent as text.</summary>
    public long LongFromBody(string name, long? byDefault = null)
    {
        Body();
        var given = InBody(name);
        if (byDefault is { } otherwise && given.ValueKind is (JsonValueKind.Undefined or JsonValueKind.Null)) return otherwise;

        var text = ScalarOf(given, $"body.{name}");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;

        Refuse(AssertErrors.InvalidType($"body.{name}", "integer"));
        return 0;
    }

    /// <summary>A list of texts at the top level.</summary>
    public IReadOnlyList<string> Texts(string name) => TextsOf(request.Argument(name), name);

    /// <summary>A list of texts in the body.</summary>
    public IReadOnlyList<string> TextsFromBody(string name)
    {
        Body();
        return TextsOf(InBody(name), $"body.{name}");
    }

    /// <summary>A list of pairs in the body: <c>[{key, value}]</c>, where the first may have another name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> PairsFromBody(string name, string key)
    {
        var list = FromBody(name, JsonValueKind.Array);
        var pairs = new List<KeyValuePair<string, string>>();
        if (_refusal is not null) return pairs;

        var position = 0;
        foreach (var pair in list.EnumerateArray())
        {
            var at = $"body.{name}[{position++}]";
            if (pair.ValueKind == JsonValueKind.Object) pairs.Add(new(ScalarOf(Member(pair, key), $"{at}.{key}"), ScalarOf(Member(pair, "value"), $"{at}.value")));
            else Refuse(AssertErrors.InvalidType(at, "object"));
        }

        if (pairs.Count == 0) Refuse(AssertErrors.EmptyArgument($"body.{name}"));
        return pairs;
    }

    private static JsonElement Member(JsonElement level, string name) =>
        level.ValueKind == JsonValueKind.Object && level.TryGetProperty(name, out var value) ? value : default;

    private JsonElement InBody(string name) => Member(request.Body, name);

    private string ScalarOf(JsonElement value, string name)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString()!;
            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.Undefined or JsonValueKind.Null:
                Refuse(AssertErrors.MissingArgument(name));
                return "";
            default:
                Refuse(AssertErrors.InvalidType(name, "string or number"));
                return "";
        }
    }

    private IReadOnlyList<string> TextsOf(JsonElement list, string name)
    {
        if (list.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) Refuse(AssertErrors.MissingArgument(name));
        else if (list.ValueKind != JsonValueKind.Array) Refuse(AssertErrors.InvalidType(name, "array"));
        else if (list.GetArrayLength() == 0) Refuse(AssertErrors.EmptyArgument(name));
        return _refusal is null ? [.. list.EnumerateArray().Select(text => ScalarOf(text, name))] : [];
    }
}
