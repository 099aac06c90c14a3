using System.Text.Json;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Koncorde.Tests.Vectors;

/// <summary>Recorded answers of the real engine, and of the documented language where the two differ.</summary>
public sealed class VectorTests
{
    private const int MaxConditions = 100;

    // Refused by the reference, and a word of this product's users: an alias of equals.
    private const string AcceptedHere = "refused/term";

    [SharedFact]
    public void Every_filter_matches_the_documents_it_should() => CheckMatches("filters.jsonl").ShouldBeEmpty();

    [SharedFact]
    public void Documented_filters_work_where_the_reference_fails() => CheckMatches("beyond.jsonl").ShouldBeEmpty();

    [SharedFact]
    public void Filters_are_refused_in_the_words_of_the_reference()
    {
        List<string> wrong = [];
        foreach (var line in Lines("filters.jsonl").Where(IsRefusal))
        {
            var isAccepted = KoncordeFilter.TryParse(line.GetProperty("filter"), MaxConditions, out _, out var refusal);
            if (line.GetProperty("tag").GetString() == AcceptedHere) isAccepted.ShouldBeTrue();
            else if (isAccepted) wrong.Add($"accepted: {line}");
            else if (line.GetProperty("kind").GetString() == "parse" && refusal != line.GetProperty("message").GetString()) wrong.Add($"{refusal} for {line}");
        }

        wrong.ShouldBeEmpty();
    }

    [SharedFact]
    public void Where_the_reference_errs_the_documents_are_followed()
    {
        var wrong = Lines("quirks.jsonl")
            .Where(static line => Matches(Parse(line.GetProperty("filter")), line.GetProperty("doc")) != line.GetProperty("dsl").GetBoolean())
            .Select(static line => line.ToString());

        wrong.ShouldBeEmpty();
    }

    [SharedFact]
    public void Equivalent_filters_share_their_canonical_text_and_others_do_not()
    {
        List<string> wrong = [];
        foreach (var line in Lines("equivalence.jsonl"))
        {
            var isSame = line.TryGetProperty("same", out var filters);
            if (!isSame && line.GetProperty("sameMeaning").GetBoolean()) continue;

            if (!isSame) filters = line.GetProperty("different");
            var texts = filters.EnumerateArray().Select(static filter => Parse(filter).CanonicalText).ToHashSet();
            if (texts.Count != (isSame ? 1 : filters.GetArrayLength())) wrong.Add($"{string.Join(" | ", texts)} for {line}");
        }

        wrong.ShouldBeEmpty();
    }

    [SharedFact]
    public void Many_filters_in_one_index_match_as_each_would_alone()
    {
        List<string> wrong = [];
        foreach (var recording in Lines("sessions.jsonl")) Replay(recording, wrong);

        wrong.ShouldBeEmpty();
    }

    [SharedFact]
    public void The_canonical_text_of_a_filter_is_a_filter_with_that_canonical_text()
    {
        List<string> wrong = [];
        foreach (var line in Lines("filters.jsonl").Where(static line => !IsRefusal(line)))
        {
            var text = Parse(line.GetProperty("filter")).CanonicalText;
            using var json = JsonDocument.Parse(text);
            if (!KoncordeFilter.TryParse(json.RootElement, int.MaxValue, out var again, out var refusal) || again.CanonicalText != text) wrong.Add($"{text}: {refusal}");
        }

        wrong.ShouldBeEmpty();
    }

    private static void Replay(JsonElement recording, List<string> wrong)
    {
        var index = new FilterIndex<string>();
        foreach (var step in recording.GetProperty("ops").EnumerateArray())
        {
            switch (step.GetProperty("op").GetString())
            {
                case "register": index.Add(Parse(step.GetProperty("filter")), step.GetProperty("name").GetString()!); break;
                case "remove": index.Remove(step.GetProperty("name").GetString()!).ShouldBeTrue(); break;
                default: CheckStep(index, step, wrong); break;
            }
        }
    }

    private static void CheckStep(FilterIndex<string> index, JsonElement step, List<string> wrong)
    {
        List<string> matches = [];
        index.CollectMatches(step.GetProperty("doc"), id: null, matches);
        var expected = step.GetProperty("expected").EnumerateArray().Select(static name => name.GetString()!);
        if (!matches.Order().SequenceEqual(expected.Order())) wrong.Add($"{string.Join(',', matches)} for {step}");
    }

    private static List<string> CheckMatches(string file)
    {
        List<string> wrong = [];
        foreach (var line in Lines(file).Where(static line => !IsRefusal(line)))
        {
            if (!KoncordeFilter.TryParse(line.GetProperty("filter"), MaxConditions, out var filter, out var refusal))
            {
                wrong.Add($"refused with {refusal}: {line}");
                continue;
            }

            foreach (var (document, expected) in line.GetProperty("docs").EnumerateArray().Zip(line.GetProperty("expected").EnumerateArray()))
            {
                if (Matches(filter, document) != expected.GetBoolean()) wrong.Add($"{line.GetProperty("id")} {line.GetProperty("filter")} on {document}");
            }
        }

        return wrong;
    }

    private static bool IsRefusal(JsonElement line) => line.TryGetProperty("error", out _);

    private static KoncordeFilter Parse(JsonElement filter)
    {
        KoncordeFilter.TryParse(filter, MaxConditions, out var parsed, out var refusal).ShouldBeTrue($"{refusal}: {filter}");
        return parsed!;
    }

    private static bool Matches(KoncordeFilter filter, JsonElement document)
    {
        var index = new FilterIndex<string>();
        index.Add(filter, "it");
        List<string> matches = [];
        index.CollectMatches(document, id: null, matches);
        return matches.Count == 1;
    }

    /// <summary>The lines of one file, parsed.</summary>
    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(SharedMaterial.FileAt("vectors", "koncorde", file) ?? throw new FileNotFoundException($"vectors/koncorde/{file} is missing.")).Select(static line => JsonElement.Parse(line));
}
