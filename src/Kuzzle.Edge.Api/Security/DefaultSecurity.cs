using System.Text.Json;

namespace Kuzzle.Edge.Api.Security;

/// <summary>The roles and profiles that always exist.</summary>
internal static class DefaultSecurity
{
    public const string Admin = "admin";
    public const string Default = "default";
    public const string Anonymous = "anonymous";

    /// <summary>The identifier of the user that nobody is.</summary>
    public const string AnonymousKuid = "-1";

    private const string Everything = """{"controllers":{"*":{"actions":{"*":true}}}}""";

    /// <summary>Their names, in the order in which they are made.</summary>
    public static IReadOnlyList<string> Names { get; } = [Admin, Default, Anonymous];

    public static bool IsDefault(string name) => name is Admin or Default or Anonymous;

    /// <summary>A role as it is on a fresh box or after <c>security:restrictDefaultRights</c>.</summary>
    public static JsonElement Role(string name, FreshRights rights) => JsonElement.Parse((name, rights) switch
    {
        (Anonymous, FreshRights.Restricted) => """
            {"controllers":{
                "auth":{"actions":{"login":true,"checkToken":true,"getCurrentUser":true,"getMyRights":true}},
                "server":{"actions":{"publicApi":true,"openapi":true}}}}
            """,
        (Default, FreshRights.Restricted) => """
            {"controllers":{
                "auth":{"actions":{"checkToken":true,"getCurrentUser":true,"getMyRights":true,"logout":true,"updateSelf":true}},
                "server":{"actions":{"publicApi":true}}}}
            """,
        _ => Everything,
    });

    /// <inheritdoc cref="Role"/>
    public static JsonElement Profile(string name, FreshRights rights) => JsonElement.Parse((name, rights) switch
    {
        (Anonymous, FreshRights.Restricted) => """{"policies":[{"roleId":"anonymous"}],"rateLimit":200}""",
        (Default, FreshRights.Restricted) => """{"policies":[{"roleId":"default"}],"rateLimit":10}""",
        _ => $$"""{"policies":[{"roleId":"{{name}}"}],"rateLimit":0}""",
    });
}
