using System.Text;
using Kuzzle.Edge.Api.Routes;

namespace Kuzzle.Edge.Tests.Http;

public sealed class RouteDocumentationTests
{
    private const string Page = "docs/http.md";
    private const string Begin = "<!-- routes: made from the program; KUZZLE_EDGE_WRITE_DOCS=1 with the tests of Kuzzle.Edge writes it anew -->\n";
    private const string End = "<!-- end of routes -->";

    [Fact]
    public void The_page_lists_every_route()
    {
        var page = Repository.Read(Page);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        begin.ShouldBeGreaterThan(Begin.Length - 1);
        end.ShouldBeGreaterThanOrEqualTo(begin);
        var tables = Tables();
        if (Environment.GetEnvironmentVariable("KUZZLE_EDGE_WRITE_DOCS") == "1")
        {
            page = page[..begin] + tables + page[end..];
            File.WriteAllText(Path.Combine(Repository.Root, Page), page);
            end = page.IndexOf(End, StringComparison.Ordinal);
        }

        page[begin..end].ShouldBe(tables);
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var controller in ApiActions.All.Where(action => !action.IsElsewhere && action.HttpRoutes.Count > 0).GroupBy(action => action.Controller))
        {
            text.Append('\n').Append("### ").Append(controller.Key).Append("\n\n| action | routes | in the query string | in the body |\n|---|---|---|---|\n");
            foreach (var action in controller)
            {
                var routes = action.HttpRoutes.Select(route => $"`{route}`{(route.IsDeprecated ? " (deprecated)" : "")}");
                text.Append("| ").Append(action.Action).Append(" | ").AppendJoin("<br>", routes).Append(" | ").AppendJoin(", ", action.Arguments.Select(Describe))
                    .Append(" | ").Append(action.IsWholeBody ? "the body is one thing" : string.Join(", ", action.BodyMembers.Select(Describe))).Append(" |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Describe(ActionArgument argument)
    {
        var kind = argument.Choices.Count > 0 ? string.Join(" or ", argument.Choices) : argument.Kind == ArgumentKind.Text ? "" : argument.Kind.ToString().ToLowerInvariant();
        return $"`{argument.Name}`{(kind.Length > 0 ? $" ({kind})" : "")}{(argument.IsRequired ? " !" : "")}";
    }
}
