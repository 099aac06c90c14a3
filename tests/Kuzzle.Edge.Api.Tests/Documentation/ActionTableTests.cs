using System.Text.Json;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Api.Tests.Documentation;

/// <summary>Whether the pages and the code say the same about actions.</summary>
public sealed class ActionTableTests
{
    [Fact]
    public async Task The_table_of_actions_is_that_of_the_code()
    {
        var file = Path.Combine(Root(), "docs", "api.md");
        var page = await File.ReadAllTextAsync(file);
        var begin = page.IndexOf(ActionTable.Begin, StringComparison.Ordinal) + ActionTable.Begin.Length;
        var end = page.IndexOf(ActionTable.End, StringComparison.Ordinal);
        var table = $"\n{await ActionTable.MarkdownAsync()}";
        if (Environment.GetEnvironmentVariable("KUZZLE_EDGE_WRITE_DOCS") == "1") await File.WriteAllTextAsync(file, page[..begin] + table + page[end..]);
        else page[begin..end].ShouldBe(table, "write it with KUZZLE_EDGE_WRITE_DOCS=1 dotnet test tests/Kuzzle.Edge.Api.Tests");
    }

    [SharedFact]
    public async Task Every_action_of_Kuzzle_is_here_or_says_why_not()
    {
        using var reference = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedMaterial.FileAt("reference", "kuzzle-actions.json")!));
        var kuzzle = reference.RootElement.GetProperty("controllers").EnumerateObject()
            .SelectMany(controller => controller.Value.EnumerateObject().Select(action => $"{controller.Name}:{action.Name}"));
        var ours = await ActionTable.ActionsAsync();

        kuzzle.Where(action => !ours.Contains(action) && !CloudOnlyActions.Reasons.ContainsKey(action)).ShouldBeEmpty();
        ours.Where(CloudOnlyActions.Reasons.ContainsKey).ShouldBeEmpty("these exist: take them off CloudOnlyActions");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kuzzle.Edge.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("no Kuzzle.Edge.sln above the tests");
        return folder.FullName;
    }
}
