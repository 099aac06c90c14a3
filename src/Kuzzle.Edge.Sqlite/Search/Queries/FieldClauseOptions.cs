using System.Text.Json;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>What a clause may say beside its value.</summary>
internal sealed record FieldClauseOptions
{
    public double Boost { get; init; } = 1;

    /// <summary><c>case_insensitive</c>.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary><c>operator: "and"</c>.</summary>
    public bool NeedsAll { get; init; }

    /// <summary><c>zero_terms_query: "all"</c>.</summary>
    public bool ZeroTermsMatchAll { get; init; }

    /// <summary>False when <c>flags</c> say that a regular expression has none of the additional operators.</summary>
    public bool HasRegexpExtras { get; init; } = true;

    /// <summary><c>slop</c>: how far the words of a phrase may be from their places.</summary>
    public int Slop { get; init; }

    public JsonElement? MinimumShouldMatch { get; init; }
}
