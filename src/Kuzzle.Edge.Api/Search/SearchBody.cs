using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Search;

/// <summary>What every search may say, whatever the store can do.</summary>
internal static class SearchBody
{
    private static readonly string[] Allowed =
    [
        "aggregations", "aggs", "collapse", "explain", "fields", "from", "highlight", "post_filter", "query", "search_after", "search_timeout", "size",
        "sort", "suggest", "_name", "_source", "_source_excludes", "_source_includes",
    ];

    /// <summary>Checks the members of the body and of its query, and says a Koncorde query in the store's words.</summary>
    public static bool TryRead(ApiRequest request, JsonElement body, out JsonElement read, [NotNullWhen(false)] out ApiError? refusal)
    {
        read = body;
        if (!request.TryGetText("lang", "elasticsearch", out var language, out refusal)) return false;
        if (language is not ("elasticsearch" or "koncorde"))
        {
            refusal = AssertErrors.InvalidArgument("lang", "\"elasticsearch\" or \"koncorde\"");
            return false;
        }

        if (body.ValueKind != JsonValueKind.Object) return true;
        foreach (var member in body.EnumerateObject())
        {
            if (Array.Exists(Allowed, member.NameEquals)) continue;
            refusal = StorageErrors.InvalidSearchQuery(member.Name);
            return false;
        }

        if (FindScript(body, path: "") is { } script)
        {
            refusal = StorageErrors.InvalidQueryKeyword(script);
            return false;
        }

        return language == "elasticsearch" || TryTranslate(body, out read, out refusal);
    }

    private static bool TryTranslate(JsonElement body, out JsonElement read, [NotNullWhen(false)] out ApiError? refusal)
    {
        read = body;
        if (!KoncordeTranslation.TryTranslate(body.TryGetProperty("query", out var query) ? query : default, out var translated, out refusal)) return false;

        var rewritten = System.Text.Json.Nodes.JsonObject.Create(body)!.DeepClone().AsObject();
        if (translated.ValueKind == JsonValueKind.Object) rewritten["query"] = DocumentAnswers.NodeOf(translated);
        read = JsonElement.Parse(rewritten.ToJsonString());
        return true;
    }

    /// <summary>Scripts would be programs from outside: only stored ones may be named.</summary>
    private static string? FindScript(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Select(element => FindScript(element, path)).FirstOrDefault(found => found is not null);
        }

        if (value.ValueKind != JsonValueKind.Object) return null;

        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals("script") && member.Value.ValueKind is (JsonValueKind.Object or JsonValueKind.String) && IsInline(member.Value, out var at)) return at;
            if (FindScript(member.Value, member.Name) is { } nested) return nested;
        }

        return null;
    }

    private static bool IsInline(JsonElement script, out string path)
    {
        path = "script";
        if (script.ValueKind == JsonValueKind.String) return true;

        foreach (var member in script.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && member.NameEquals("script"))
            {
                path = "script.script";
                return IsInline(member.Value, out _);
            }

            if (!member.NameEquals("id") && !member.NameEquals("params")) return true;
        }

        return false;
    }
}
