using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Funnel;

/// <summary>Which client libraries are too old for this API; they say who they are in <c>volatile</c>.</summary>
internal static class SdkVersions
{
    private static readonly FrozenDictionary<string, int> Minimums = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["js"] = 7,
        ["csharp"] = 2,
        ["cpp"] = 2,
        ["java"] = 3,
        ["android"] = 5,
        ["go"] = 3,
        ["php"] = 4,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static ApiError? FindFault(ApiRequest request)
    {
        if (request.Volatile.ValueKind != JsonValueKind.Object) return null;

        // Libraries before Kuzzle 2 named their version alone.
        if (request.Volatile.TryGetProperty("sdkVersion", out var old) && old.ValueKind == JsonValueKind.String)
        {
            return ProcessErrors.IncompatibleSdkVersion(old.GetString()!, "an SDK for Kuzzle 2");
        }

        if (!request.Volatile.TryGetProperty("sdkName", out var name) || name.ValueKind != JsonValueKind.String) return null;

        var text = name.GetString()!;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || !Minimums.TryGetValue(text[..at], out var minimum)) return null;

        var version = text.AsSpan(at + 1);
        var dot = version.IndexOf('.');
        var major = dot < 0 ? version : version[..dot];
        return int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < minimum
            ? ProcessErrors.IncompatibleSdkVersion(text, $"{text[..at]}@{minimum} or later")
            : null;
    }
}
