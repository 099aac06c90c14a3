using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>date</c>, in one of some formats, with an optional range; a bound may be the time of the check.</summary>
internal sealed class DateValue(IReadOnlyList<DateFormat> formats, Func<DateTimeOffset>? min, Func<DateTimeOffset>? max) : ValueRule
{
    public override string? FindFault(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) return "The field must be a date.";

        var read = formats.Select(format => format.Read(value)).FirstOrDefault(date => date is not null);
        if (read is not { } date) return $"The date format is invalid; accepted: {string.Join(", ", formats.Select(format => format.Name))}.";
        if (min is not null && date < min()) return "The provided date is before the defined minimum.";
        return max is not null && date > max() ? "The provided date is after the defined maximum." : null;
    }
}
