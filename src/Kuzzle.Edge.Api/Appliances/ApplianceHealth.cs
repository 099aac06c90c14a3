using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Appliances;

/// <summary>How the box is, as every way tells it: <c>{"status":"red","conditions":[{"name","severity","message","since"}]}</c>.</summary>
public static class ApplianceHealth
{
    /// <summary>Green when all is well, yellow when something is worth knowing, red when something is refused or lost; <c>since</c> is in milliseconds since 1970. A tree of its own for each call.</summary>
    public static JsonObject Describe(IReadOnlyList<ApplianceCondition> conditions) => new()
    {
        ["status"] = StatusOf(conditions),
        ["conditions"] = new JsonArray([.. conditions.Select(condition => new JsonObject
        {
            ["name"] = condition.Name,
            ["severity"] = condition.Severity == ConditionSeverity.Alarm ? "alarm" : "notice",
            ["message"] = condition.Message,
            ["since"] = condition.Since.ToUnixTimeMilliseconds(),
        })]),
    };

    private static string StatusOf(IReadOnlyList<ApplianceCondition> conditions) =>
        conditions.Count == 0 ? "green" : conditions.Any(condition => condition.Severity == ConditionSeverity.Alarm) ? "red" : "yellow";
}
