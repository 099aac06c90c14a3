using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Koncorde;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>A realtime filter (Koncorde) that says which documents are meant. May be asked from any thread.</summary>
public sealed class DocumentFilter
{
    /// <summary>A filter of a configuration is written by hand; this is Kuzzle's own default bound.</summary>
    private const int MaxConditions = 50;

    private readonly Lock _lock = new();
    private readonly FilterIndex<string> _index = new();
    private readonly List<string> _matches = [];

    private DocumentFilter(KoncordeFilter filter)
    {
        Text = filter.CanonicalText;
        _index.Add(filter, Text);
    }

    /// <summary>The filter as JSON, in a normal form.</summary>
    public string Text { get; }

    /// <summary>Parses a filter.</summary>
    /// <param name="filter">An object with one keyword; an empty one matches everything.</param>
    /// <param name="parsed">The filter, when the answer is true.</param>
    /// <param name="refusal">Why there is none, when the answer is false.</param>
    public static bool TryParse(JsonElement filter, [NotNullWhen(true)] out DocumentFilter? parsed, [NotNullWhen(false)] out string? refusal)
    {
        parsed = KoncordeFilter.TryParse(filter, MaxConditions, out var read, out refusal) ? new DocumentFilter(read) : null;
        return parsed is not null;
    }

    /// <summary>Whether a document is meant.</summary>
    public bool Matches(string id, JsonElement source)
    {
        lock (_lock)
        {
            _matches.Clear();
            _index.CollectMatches(source, id, _matches);
            return _matches.Count > 0;
        }
    }
}
