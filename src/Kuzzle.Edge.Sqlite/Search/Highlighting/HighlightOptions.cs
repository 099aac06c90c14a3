using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.Highlighting;

/// <summary>How hits are marked and cut.</summary>
internal sealed record HighlightOptions
{
    public string Before { get; init; } = "<em>";

    public string After { get; init; } = "</em>";

    /// <summary>About how many characters a piece has.</summary>
    public int FragmentSize { get; init; } = 100;

    /// <summary>How many pieces of a field are shown.</summary>
    public int MaxFragments { get; init; } = 5;

    /// <summary>Whether the text is shown uncut.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether only what was asked of the field itself is marked.</summary>
    public bool RequiresFieldMatch { get; init; } = true;

    /// <summary>The options with those that an object says.</summary>
    /// <exception cref="SearchRefusedException">One is wrong or unknown.</exception>
    public static HighlightOptions Read(JsonElement content, HighlightOptions options)
    {
        foreach (var member in content.EnumerateObject())
        {
            options = member.Name switch
            {
                "fields" or "type" or "order" or "encoder" or "fragmenter" or "boundary_scanner" or "no_match_size" or "tags_schema" or "boundary_scanner_locale" => options,
                "pre_tags" => options with { Before = FirstTag(member) },
                "post_tags" => options with { After = FirstTag(member) },
                "fragment_size" => options with { FragmentSize = Math.Max(1, Count(member)) },
                "number_of_fragments" => Count(member) switch
                {
                    0 => options with { IsWhole = true, MaxFragments = int.MaxValue },
                    var number => options with { IsWhole = false, MaxFragments = number },
                },
                "require_field_match" => options with { RequiresFieldMatch = ValueReader.Boolean(member.Value, member.Name) },
                _ => throw SearchRefusedException.BadRequest($"[highlight] does not support [{member.Name}]"),
            };
        }

        return options;
    }

    /// <summary>The text with marks around places that lie in order.</summary>
    public string Mark(string text, IReadOnlyList<(int Start, int End)> places)
    {
        var marked = new StringBuilder();
        var at = 0;
        foreach (var (start, end) in places)
        {
            marked.Append(text, at, start - at).Append(Before).Append(text, start, end - start).Append(After);
            at = end;
        }

        return marked.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The pieces of a text that have marks, cut at spaces.</summary>
    public IEnumerable<string> Cut(string text, List<(int Start, int End)> places)
    {
        if (places.Count == 0) yield break;
        if (IsWhole || text.Length <= FragmentSize)
        {
            yield return Mark(text, places);
            yield break;
        }

        for (var next = 0; next < places.Count;)
        {
            var start = next == 0 && places[0].End <= FragmentSize ? 0 : WordStart(text, Math.Max(next == 0 ? 0 : places[next - 1].End, places[next].Start - (FragmentSize / 4)), places[next].Start);
            var end = WordEnd(text, Math.Max(places[next].End, start + FragmentSize));
            var within = places.Skip(next).TakeWhile(place => place.End <= end).Select(place => (place.Start - start, place.End - start)).ToList();
            next += within.Count;
            yield return Mark(text[start..end], within);
        }
    }

    private static int WordStart(string text, int from, int most)
    {
        if (from == 0) return 0;
        while (from < most && !char.IsWhiteSpace(text[from - 1])) from++;
        return from;
    }

    private static int WordEnd(string text, int from)
    {
        while (from < text.Length && !char.IsWhiteSpace(text[from])) from++;
        return Math.Min(from, text.Length);
    }

    private static int Count(JsonProperty member) => ValueReader.Real(member.Value, member.Name) switch
    {
        >= 0 and <= 1_000_000 and var count => (int)count,
        _ => throw SearchRefusedException.BadRequest($"[highlight] [{member.Name}] must be between 0 and 1000000"),
    };

    private static string FirstTag(JsonProperty member)
    {
        var tag = member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() > 0 ? member.Value[0] : member.Value;
        return tag.ValueKind == JsonValueKind.String ? tag.GetString()! : throw SearchRefusedException.BadRequest($"[highlight] [{member.Name}] must be a list of texts");
    }
}
