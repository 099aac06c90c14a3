using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Routes;
using Microsoft.AspNetCore.WebUtilities;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>
/// Makes of a route, a query string, headers and a body the one JSON object that the other protocols send. Text becomes what the action's argument is: a flag is true by being
/// there, numbers, lists and objects are read; what cannot be read stays text, for the action to refuse by name.
/// </summary>
internal static class RouteRequest
{
    /// <summary>What a query string cannot say: the route, the body and the headers do.</summary>
    private static readonly HashSet<string> Reserved = new(["controller", "action", "body"], StringComparer.Ordinal);

    /// <summary>The request's JSON.</summary>
    /// <param name="match">The route.</param>
    /// <param name="query">The query string with its question mark, or nothing.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="body">The body: nothing, or one JSON value.</param>
    public static ReadOnlyMemory<byte> Compose(RouteMatch match, string query, HeaderArguments headers, ReadOnlyMemory<byte> body)
    {
        var output = new ArrayBufferWriter<byte>(512 + body.Length);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("requestId"u8, headers.RequestId);
        var bodyMembers = WriteArguments(json, match, query);

        // Of members of one name the last one counts: headers win over the query string, and the path over both.
        if (headers.Jwt is not null) json.WriteString("jwt"u8, headers.Jwt);
        if (!headers.Volatile.IsEmpty) WriteRaw(json, "volatile", headers.Volatile.Span);
        foreach (var (name, value) in match.Route.PathArguments.Zip(match.Values)) json.WriteString(name, value);
        json.WriteString("controller"u8, match.Action.Controller);
        json.WriteString("action"u8, match.Action.Action);

        if (!body.IsEmpty) WriteRaw(json, "body", body.Span);
        else if (bodyMembers.Count > 0) WriteBody(json, match, bodyMembers);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    /// <summary>Writes what belongs beside the body, and answers what belongs into it.</summary>
    private static List<(string Name, string Text, ArgumentKind Kind)> WriteArguments(Utf8JsonWriter json, RouteMatch match, string query)
    {
        var action = match.Action;
        var bodyMembers = new List<(string, string, ArgumentKind)>();
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var name = pair.DecodeName().ToString();
            var text = pair.DecodeValue().ToString();
            if (Reserved.Contains(name)) continue;

            if (action.BodyMembers.FirstOrDefault(member => member.Name == name) is { } member)
            {
                bodyMembers.Add((name, text, member.Kind));
            }
            else if (match.Route.Method == "GET" && action.IsWholeBody && action.Arguments.All(argument => argument.Name != name) && name != "jwt")
            {
                bodyMembers.Add((name, text, ArgumentKind.Text)); // GET /_login/local?username=…
            }
            else if (name == SearchBody)
            {
                bodyMembers.Add((name, text, ArgumentKind.Object));
            }
            else
            {
                Write(json, name, text, KindOf(action, name));
            }
        }

        return bodyMembers;
    }

    private const string SearchBody = "searchBody";

    private static ArgumentKind KindOf(ApiAction action, string name) =>
        name == "volatile" ? ArgumentKind.Object : action.Arguments.FirstOrDefault(argument => argument.Name == name)?.Kind ?? ArgumentKind.Text;

    private static void WriteBody(Utf8JsonWriter json, RouteMatch match, List<(string Name, string Text, ArgumentKind Kind)> members)
    {
        var whole = members.FindLastIndex(member => member.Name == SearchBody);
        if (whole >= 0 && match.Action.IsWholeBody)
        {
            Write(json, "body", members[whole].Text, ArgumentKind.Object);
            return;
        }

        json.WriteStartObject("body"u8);
        foreach (var (name, text, kind) in members) Write(json, name, text, kind);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string text, ArgumentKind kind)
    {
        switch (kind)
        {
            case ArgumentKind.Flag:
                // Its being there is what counts, as in Kuzzle: even silent=false is true.
                json.WriteBoolean(name, true);
                break;
            case ArgumentKind.Integer or ArgumentKind.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case ArgumentKind.List when !IsJson(text, JsonTokenType.StartArray):
                json.WriteStartArray(name);
                foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries)) json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            case ArgumentKind.List:
                json.WritePropertyName(name);
                json.WriteRawValue(text);
                break;
            case ArgumentKind.Object when IsJson(text, JsonTokenType.StartObject):
                json.WritePropertyName(name);
                json.WriteRawValue(text);
                break;
            case ArgumentKind.Text when name == "refresh":
                json.WriteString(name, text is "" or "true" ? "wait_for" : text);
                break;
            default:
                json.WriteString(name, text);
                break;
        }
    }

    private static bool IsJson(string text, JsonTokenType beginning)
    {
        if (!text.AsSpan().TrimStart().StartsWith(beginning == JsonTokenType.StartArray ? "[" : "{")) return false;

        try
        {
            using var parsed = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false; // It stays text, and the action says what it expected.
        }
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, ReadOnlySpan<byte> value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value, skipInputValidation: true); // validated where it was read; what is in it, the parser of requests looks at
    }
}
