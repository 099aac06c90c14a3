using System.Text.Json;
using Kuzzle.Edge.Api.Routes;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class RouteTableTests
{
    private static readonly RouteTable Routes = new(ApiActions.All);

    [Theory]
    [InlineData("GET", "/", "server:info", "")]
    [InlineData("GET", "/_now", "server:now", "")]
    [InlineData("GET", "/_now/", "server:now", "")]
    [InlineData("GET", "//_now", "server:now", "")]
    [InlineData("GET", "/plant/readings/r1", "document:get", "plant,readings,r1")]
    [InlineData("GET", "/plant/readings/a%2Fb", "document:get", "plant,readings,a/b")]
    [InlineData("GET", "/plant/readings/%C3%A9t%C3%A9", "document:get", "plant,readings,été")]
    [InlineData("GET", "/plant/readings/_search", "document:search", "plant,readings")]
    [InlineData("GET", "/plant/readings/%5Fsearch", "document:search", "plant,readings")]
    [InlineData("POST", "/plant/readings/r1/_create", "document:create", "plant,readings,r1")]
    [InlineData("PUT", "/plant/readings", "collection:create", "plant,readings")]
    [InlineData("POST", "/admin/_shutdown/", "admin:shutdown", "")]
    [InlineData("GET", "/users/_me", "auth:getCurrentUser", "")]
    [InlineData("GET", "/users/bob", "security:getUser", "bob")]
    [InlineData("PUT", "/profiles/_mapping", "security:updateProfileMapping", "")]
    public void A_path_leads_to_its_action(string method, string path, string action, string values)
    {
        var match = Routes.Find(method, path).ShouldNotBeNull();

        $"{match.Action.Controller}:{match.Action.Action}".ShouldBe(action);
        match.Values.ShouldBe(values.Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("GET", "/plant/readings")]
    [InlineData("GET", "/plant/readings/r1/_nothing")]
    [InlineData("PUT", "/users/bob")]
    [InlineData("HEAD", "/_now")]
    [InlineData("TRACE", "/_now")]
    [InlineData("GET", "/a/b/c/d/e/f/g/h/i")]
    public void What_no_route_says_is_found_nowhere(string method, string path) => Routes.Find(method, path).ShouldBeNull();

    [Fact]
    public void Every_route_leads_to_the_action_that_it_stands_with()
    {
        foreach (var action in ApiActions.All)
        {
            foreach (var route in action.HttpRoutes)
            {
                var match = Routes.Find(route.Method, route.Path.Replace(":", "value-of-", StringComparison.Ordinal)).ShouldNotBeNull(route.ToString());

                (match.Action, match.Route).ShouldBe((action, route));
                match.Values.ShouldBe(route.PathArguments.Select(name => $"value-of-{name}"));
            }
        }
    }

    [SharedFact]
    public void The_table_has_the_routes_of_the_reference()
    {
        using var reference = JsonDocument.Parse(File.ReadAllBytes(SharedMaterial.FileAt("reference", "kuzzle-actions.json")!));

        var expected = new List<string>();
        foreach (var controller in reference.RootElement.GetProperty("controllers").EnumerateObject())
        {
            foreach (var action in controller.Value.EnumerateObject())
            {
                if (!action.Value.TryGetProperty("http", out var routes)) continue;
                expected.AddRange(routes.EnumerateArray().Select(route => $"{controller.Name}:{action.Name} {Plain(route.GetString()!)}"));
            }
        }

        var actual = ApiActions.All.SelectMany(action => action.HttpRoutes.Select(route => $"{action.Controller}:{action.Action} {route}{(route.IsDeprecated ? " (deprecated)" : "")}"));
        actual.Where(route => !route.StartsWith("edge/", StringComparison.Ordinal)).ShouldBe(expected, ignoreOrder: true);
    }

    [SharedFact]
    public void The_table_has_the_arguments_of_the_reference()
    {
        using var reference = JsonDocument.Parse(File.ReadAllBytes(SharedMaterial.FileAt("reference", "kuzzle-actions.json")!));

        foreach (var controller in reference.RootElement.GetProperty("controllers").EnumerateObject())
        {
            foreach (var action in controller.Value.EnumerateObject().Where(action => action.Value.GetProperty("edge").GetString() != "cloud-only"))
            {
                var known = ApiActions.Find(controller.Name, action.Name).ShouldNotBeNull($"{controller.Name}:{action.Name}");
                var inPath = known.HttpRoutes.SelectMany(route => route.PathArguments);
                var names = known.Arguments.Concat(known.BodyMembers).Select(argument => argument.Name).Concat(inPath).ToHashSet();
                foreach (var argument in action.Value.GetProperty("args").EnumerateArray())
                {
                    var name = argument.GetProperty("name").GetString()!;
                    var isBody = name == "body" || name.Contains('.', StringComparison.Ordinal) || argument.GetProperty("in").GetString()!.StartsWith("body (", StringComparison.Ordinal);
                    (isBody ? known.TakesBody : names.Contains(name)).ShouldBeTrue($"{controller.Name}:{action.Name} {name}");
                }
            }
        }
    }

    private static string Plain(string route) => route.EndsWith('/') && route != "GET /" ? route[..^1] : route;
}
