using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Queries;
using Kuzzle.Edge.Sqlite.Search.Sources;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Highlighting;

/// <summary>Shows where in the texts of a hit the reasons are why it was found: <c>highlight</c>.</summary>
internal sealed class Highlighter
{
    private readonly List<HighlightedField> _fields = [];
    private readonly IReadOnlyList<FieldMap> _maps;

    private Highlighter(IReadOnlyList<FieldMap> maps) => _maps = maps;

    /// <summary>The <c>highlight</c> of a search body.</summary>
    /// <exception cref="SearchRefusedException">It is wrong.</exception>
    public static Highlighter Of(JsonElement content, IReadOnlyList<FieldMap> maps)
    {
        if (content.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[highlight] must be an object");
        var options = HighlightOptions.Read(content, new HighlightOptions());
        var highlighter = new Highlighter(maps);
        if (!content.TryGetProperty("fields", out var fields)) throw SearchRefusedException.BadRequest("[highlight] requires [fields]");
        foreach (var list in fields.ValueKind == JsonValueKind.Array ? [.. fields.EnumerateArray()] : new[] { fields })
        {
            if (list.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest("[highlight] [fields] must be an object or a list of objects");
            foreach (var field in list.EnumerateObject())
            {
                if (field.Value.ValueKind != JsonValueKind.Object) throw SearchRefusedException.BadRequest($"[highlight] [{field.Name}] must be an object");
                highlighter._fields.Add(new HighlightedField(new PathPattern(field.Name), HighlightOptions.Read(field.Value, options)));
            }
        }

        return highlighter;
    }

    /// <summary>The marked texts of a document by field, or null when there are none.</summary>
    public JsonObject? Mark(int target, QueryNode query, ReadOnlySpan<byte> source)
    {
        var reasons = new List<FieldTest>();
        query.ShowReasons(reasons.Add);
        var marked = new JsonObject();
        var scanner = new FieldScanner();
        foreach (var wanted in _fields)
        {
            foreach (var field in _maps[target].All.Where(field => field.Kind is FieldKind.Text or FieldKind.Keyword && wanted.Pattern.Matches(field.Name)))
            {
                var tests = reasons.Where(reason => !wanted.Options.RequiresFieldMatch || reason.Searched.Name == field.Name).Select(static reason => reason.Test).ToList();
                if (tests.Count == 0 || marked.ContainsKey(field.Name)) continue;
                var collector = new FragmentCollector(field, tests, wanted.Options);
                scanner.Any(source, field with { Kind = FieldKind.Keyword }, collector);
                if (collector.Fragments.Count > 0) marked[field.Name] = new JsonArray([.. collector.Fragments.Select(static fragment => JsonValue.Create(fragment))]);
            }
        }

        return marked.Count > 0 ? marked : null;
    }

    private sealed class FragmentCollector(Field field, IReadOnlyList<ValueTest> tests, HighlightOptions options) : ValueTest
    {
        public List<string> Fragments { get; } = [];

        /// <summary>Never passes: all values must be seen.</summary>
        public override bool Passes(FieldValue value)
        {
            var text = Encoding.UTF8.GetString(value.Text);
            if (field.Kind == FieldKind.Keyword)
            {
                foreach (var test in tests)
                {
                    if (test is AnyValue || test.TakesWholeText || !test.Passes(value)) continue;
                    Fragments.Add(options.Mark(text, [(0, text.Length)]));
                    break;
                }
            }
            else
            {
                Fragments.AddRange(options.Cut(text, WordMarks.Find(text, tests)).Take(Math.Max(0, options.MaxFragments - Fragments.Count)));
            }

            return false;
        }
    }
}
