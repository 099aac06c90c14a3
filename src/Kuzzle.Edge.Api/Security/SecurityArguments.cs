using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Tokens;

namespace Kuzzle.Edge.Api.Security;

/// <summary>The arguments that actions of security have in common.</summary>
internal static class SecurityArguments
{
    /// <summary>A text that must be there.</summary>
    public static bool TryGetRequired(this ApiRequest request, string name, out string value, [NotNullWhen(false)] out ApiError? refusal)
    {
        if (!request.TryGetText(name, "", out value, out refusal)) return false;
        if (value.Length > 0) return true;

        refusal = AssertErrors.MissingArgument(name);
        return false;
    }

    /// <summary>The strategy, of which there is one.</summary>
    public static bool TryGetStrategy(this ApiRequest request, [NotNullWhen(false)] out ApiError? refusal)
    {
        if (!request.TryGetRequired("strategy", out var strategy, out refusal)) return false;
        if (strategy == LocalStrategy.Name) return true;

        refusal = SecurityErrors.UnknownStrategy(strategy);
        return false;
    }

    /// <summary><c>expiresIn</c> in milliseconds, or <see cref="Token.Never"/>.</summary>
    /// <param name="byDefault">When it is absent; less when the bound is.</param>
    /// <param name="most">The bound; null: none.</param>
    public static bool TryGetLifetime(this ApiRequest request, long byDefault, TimeSpan? most, out long ttl, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = null;
        var bound = most is { } limit ? (long)limit.TotalMilliseconds : long.MaxValue;
        var given = request.Argument("expiresIn");
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            ttl = most is null || (byDefault != Token.Never && byDefault <= bound) ? byDefault : bound;
            return true;
        }

        ttl = Lifetime.Parse(given) ?? long.MinValue;
        if (ttl < Token.Never) refusal = AssertErrors.InvalidArgument("expiresIn", "a number of milliseconds, or a parsable timespan string");
        else if (most is not null && (ttl == Token.Never || ttl > bound)) refusal = SecurityErrors.TtlExceeded();
        return refusal is null;
    }

    /// <summary>The list <c>body.ids</c> of texts, of which there must be one.</summary>
    public static bool TryGetIds(this ApiRequest request, out List<string> ids, [NotNullWhen(false)] out ApiError? refusal)
    {
        ids = [];
        if (!request.TryGetFromBody("ids", JsonValueKind.Array, out var given, out refusal)) return false;

        foreach (var id in given.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.String)
            {
                refusal = AssertErrors.InvalidType("body.ids", "string[]");
                return false;
            }

            ids.Add(id.GetString()!);
        }

        return true;
    }

    /// <summary>A member of the body that is an object; absent, an empty one.</summary>
    public static bool TryGetObject(JsonElement body, string name, out JsonElement value, [NotNullWhen(false)] out ApiError? refusal)
    {
        refusal = null;
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null)
        {
            value = JsonElement.Parse("{}");
            return true;
        }

        if (value.ValueKind == JsonValueKind.Object) return true;

        refusal = AssertErrors.InvalidType($"body.{name}", "object");
        return false;
    }

    /// <summary>Who asks, when somebody is logged in.</summary>
    public static bool TryGetUser(this ApiRequest request, out string kuid, [NotNullWhen(false)] out ApiError? refusal)
    {
        kuid = request.Caller.Kuid ?? "";
        refusal = kuid.Length == 0 || kuid == DefaultSecurity.AnonymousKuid ? SecurityErrors.LoginRequired(request.Controller, request.Action) : null;
        return refusal is null;
    }
}
