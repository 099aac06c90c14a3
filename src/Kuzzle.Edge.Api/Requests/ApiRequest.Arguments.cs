using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>How actions read their arguments: the value, or the error to answer with.</summary>
public sealed partial record ApiRequest
{
    /// <summary>A switch: true or false, absent is false; text is refused.</summary>
    internal bool TryGetSwitch(string name, out bool value, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = null;
        var argument = Argument(name);
        value = argument.ValueKind == JsonValueKind.True;
        if (argument.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined) return true;

        refusal = AssertErrors.InvalidType(name, "boolean");
        return false;
    }

    /// <summary>A whole number, which may be sent as text.</summary>
    internal bool TryGetInteger(string name, int byDefault, out int value, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = null;
        var argument = Argument(name);
        value = byDefault;
        switch (argument.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return true;
            case JsonValueKind.Number when argument.TryGetInt32(out value):
                return true;
            case JsonValueKind.Number when argument.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue:
                value = (int)number;
                return true;
            case JsonValueKind.String when int.TryParse(argument.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value):
                return true;
            default:
                refusal = AssertErrors.InvalidType(name, "integer");
                return false;
        }
    }

    /// <summary>A text, or the default when it is absent.</summary>
    internal bool TryGetText(string name, string byDefault, out string value, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = null;
        var argument = Argument(name);
        value = byDefault;
        if (argument.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return true;
        if (argument.ValueKind == JsonValueKind.String)
        {
            value = argument.GetString()!;
            return true;
        }

        refusal = AssertErrors.InvalidType(name, "string");
        return false;
    }

    /// <summary>The body as an object.</summary>
    internal bool TryGetBodyObject(out JsonElement body, [NotNullWhen(false)] out ApiError? refusal)
    {
        body = Body;
        refusal = body.ValueKind == JsonValueKind.Undefined ? AssertErrors.BodyRequired() : null;
        return refusal is null;
    }

    /// <summary>A member of the body, of a kind.</summary>
    internal bool TryGetFromBody(string name, JsonValueKind kind, out JsonElement value, [NotNullWhen(false)] out ApiError? refusal)
    {
        value = default;
        if (!TryGetBodyObject(out var body, out refusal)) return false;
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null)
        {
            refusal = AssertErrors.MissingArgument($"body.{name}");
            return false;
        }

        if (value.ValueKind == kind) return true;

        refusal = AssertErrors.InvalidType($"body.{name}", NameOf(kind));
        return false;
    }

    /// <summary>The target collection; its names are only checked to be there.</summary>
    internal bool TryGetCollection(out CollectionName name, [NotNullWhen(false)] out ApiError? refusal)
    {
        name = new CollectionName(Index ?? "", Collection ?? "");
        refusal = string.IsNullOrEmpty(Index) ? AssertErrors.MissingArgument("index")
            : string.IsNullOrEmpty(Collection) ? AssertErrors.MissingArgument("collection")
            : null;
        return refusal is null;
    }

    /// <summary>The document's identifier, where one is needed.</summary>
    internal bool TryGetId([NotNullWhen(true)] out string? id, [NotNullWhen(false)] out ApiError? refusal)
    {
        if (!TryGetOptionalId(out id, out refusal)) return false;
        if (id is not null) return true;

        refusal = AssertErrors.MissingArgument("_id");
        return false;
    }

    /// <summary>The document's identifier; an empty one counts as none.</summary>
    internal bool TryGetOptionalId(out string? id, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = null;
        id = string.IsNullOrEmpty(Id) ? null : Id;
        if (id is not null || Argument("_id").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String) return true;

        refusal = AssertErrors.InvalidType("_id", "string");
        return false;
    }

    /// <summary>The refresh option of most document actions: checked as Kuzzle does and otherwise without effect, for everything here is visible at once.</summary>
    internal bool TryCheckRefresh([NotNullWhen(false)] out ApiError? refusal)
    {
        if (!TryGetText("refresh", "false", out var refresh, out refusal)) return false;
        if (refresh is "wait_for" or "false") return true;

        refusal = StorageErrors.InvalidArgument("refresh", "\"wait_for\", false");
        return false;
    }

    /// <summary>The argument, or an element of kind Undefined.</summary>
    public JsonElement Argument(string name) =>
        Arguments.ValueKind == JsonValueKind.Object && Arguments.TryGetProperty(name, out var value) ? value : default;

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        _ => "boolean",
    };
}
