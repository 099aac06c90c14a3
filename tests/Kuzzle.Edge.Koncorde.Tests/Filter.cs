using System.Text.Json;

namespace Kuzzle.Edge.Koncorde.Tests;

/// <summary>Filters and documents as their JSON text, for tests.</summary>
internal static class Filter
{
    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static KoncordeFilter Parse(string text) => Parse(Json(text));

    public static KoncordeFilter Parse(JsonElement filter)
    {
        KoncordeFilter.TryParse(filter, int.MaxValue, out var parsed, out var refusal).ShouldBeTrue($"{refusal}: {filter}");
        return parsed!;
    }

    public static string? RefusalOf(string text, int maxConditions = 100) =>
        KoncordeFilter.TryParse(Json(text), maxConditions, out _, out var refusal) ? null : refusal;

    public static string CanonicalTextOf(string text) => Parse(text).CanonicalText;

    public static bool Matches(string filter, string document, string? id = null)
    {
        var index = new FilterIndex<string>();
        index.Add(Parse(filter), "it");
        List<string> matches = [];
        index.CollectMatches(Json(document), id, matches);
        return matches.Count == 1;
    }
}
