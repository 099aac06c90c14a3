using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Controllers;

namespace Kuzzle.Edge.Api.Tests.Documentation;

/// <summary>The table of docs/api.md, made from the code.</summary>
internal static class ActionTable
{
    public const string Begin = "<!-- actions: made from the code -->";
    public const string End = "<!-- end of actions -->";

    /// <summary>One row for each controller, then the actions that a cloud has and we do not, by their reason.</summary>
    public static async Task<string> MarkdownAsync()
    {
        using var gateway = new Gateway();
        var api = await gateway.MustAsync("server:publicApi");
        var table = new StringBuilder("| controller | actions |\n| --- | --- |\n");
        foreach (var controller in api.EnumerateObject())
        {
            table.Append("| `").Append(controller.Name).Append("` | ").AppendJoin(", ", controller.Value.EnumerateObject().Select(action => $"`{action.Name}`")).Append(" |\n");
        }

        table.Append("\n| only in the cloud | why |\n| --- | --- |\n");
        foreach (var reason in CloudOnlyActions.Reasons.Where(reason => !reason.Key.StartsWith("memoryStorage:", StringComparison.Ordinal)).GroupBy(reason => reason.Value, reason => reason.Key).OrderBy(reason => reason.Min(), StringComparer.Ordinal))
        {
            table.Append("| ").AppendJoin(", ", reason.Order(StringComparer.Ordinal).Select(action => $"`{action}`")).Append(" | ").Append(reason.Key).Append(" |\n");
        }

        return table.ToString();
    }

    /// <summary>All actions there are, as <c>controller:action</c>.</summary>
    public static async Task<HashSet<string>> ActionsAsync()
    {
        using var gateway = new Gateway();
        return Names(await gateway.MustAsync("server:publicApi"));
    }

    private static HashSet<string> Names(JsonElement api) =>
        api.EnumerateObject().SelectMany(controller => controller.Value.EnumerateObject().Select(action => $"{controller.Name}:{action.Name}")).ToHashSet(StringComparer.Ordinal);
}
