using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Search;

/// <summary>The argument <c>scroll</c>: for how long the next page may be asked for.</summary>
public static class ScrollDuration
{
    /// <summary>Kuzzle's <c>maxScrollDuration</c>. A scroll holds back the cleaning of the database's log, so it must not be long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Kuzzle's <c>scrollTTL</c>.</summary>
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(15);

    /// <summary>The duration of a request, fifteen seconds when it says none.</summary>
    public static bool TryRead(ApiRequest request, out TimeSpan duration, [NotNullWhen(false)] out ApiError? refusal)
    {
        duration = Default;
        if (!request.TryGetText("scroll", "", out var text, out refusal) || text.Length == 0) return refusal is null;
        if (!TryParse(text, out duration))
        {
            refusal = StorageErrors.UnexpectedBadRequest($"failed to parse setting [scroll] with value [{text}]: use a number and ms, s, m, h or d");
            return false;
        }

        refusal = duration > Longest ? StorageErrors.ScrollDurationTooGreat(text) : null;
        return refusal is null;
    }

    private static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
        double? unit = text[digits..].Trim() switch
        {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => null,
        };
        if (unit is not { } length || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;

        // A day is long enough to be too long.
        duration = TimeSpan.FromMilliseconds(Math.Min(count * length, 86_400_000));
        return duration > TimeSpan.Zero;
    }
}
