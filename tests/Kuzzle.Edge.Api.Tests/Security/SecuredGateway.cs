using System.Text.Json;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security;
using Kuzzle.Edge.Api.Tests.Errors;

namespace Kuzzle.Edge.Api.Tests.Security;

/// <summary>A gateway with an administrator, whose rights are restricted, and a user <c>joe</c> who may do what a test says.</summary>
internal sealed class SecuredGateway : IDisposable
{
    public static readonly SecurityOptions Cheap = new() { PasswordIterations = 10 };

    private SecuredGateway(ApiOptions options) => Gateway = new Gateway(options);

    public Gateway Gateway { get; }

    public string Admin { get; private set; } = "";

    public static async Task<SecuredGateway> StartAsync(SecurityOptions? security = null)
    {
        var started = new SecuredGateway(new ApiOptions { Limits = new ApiLimits { LoginsPerSecond = 1000 }, Security = security ?? Cheap });
        await started.Gateway.MustAsync("security:createFirstAdmin", """ "_id":"root","reset":true,"body":{"content":{},"credentials":{"local":{"username":"root","password":"secret"}}} """);
        started.Admin = await started.LoginAsync("root", "secret");
        return started;
    }

    public async Task<string> LoginAsync(string userName, string password, string members = "", ClientConnection? connection = null)
    {
        var more = members.Length == 0 ? "" : "," + members;
        return (await Gateway.MustAsync("auth:login", $$""" "strategy":"local","body":{"username":"{{userName}}","password":"{{password}}"}{{more}} """, connection)).GetProperty("jwt").GetString()!;
    }

    /// <summary>Makes a user who may do that, and logs him in.</summary>
    public async Task<string> JoeWhoMayAsync(string controllers, string restrictedTo = "[]")
    {
        await AsAdminAsync("security:createRole", $$""" "_id":"joes","body":{"controllers":{{controllers}}} """);
        await AsAdminAsync("security:createProfile", $$""" "_id":"joes","body":{"policies":[{"roleId":"joes","restrictedTo":{{restrictedTo}}}]} """);
        await AsAdminAsync("security:createUser", """ "_id":"joe","body":{"content":{"profileIds":["joes"]},"credentials":{"local":{"username":"joe","password":"pw"}}} """);
        return await LoginAsync("joe", "pw");
    }

    public Task<JsonElement> AsAdminAsync(string name, string members = "") => Gateway.MustAsync(name, $"{(members.Trim().Length == 0 ? "" : members + ",")}\"jwt\":\"{Admin}\"");

    public Task<string?> AdminsErrorAsync(string name, string members = "") => ErrorAsync(name, Admin, members);

    /// <summary>The error's id; null when it is none of the list or none at all.</summary>
    public async Task<string?> ErrorAsync(string name, string jwt, string members = "", ClientConnection? connection = null)
    {
        var answer = await Gateway.DoAsync(name, $"{(members.Trim().Length == 0 ? "" : members + ",")}\"jwt\":\"{jwt}\"", connection);
        if (answer.GetProperty("error") is not { ValueKind: JsonValueKind.Object } error) return null;
        if (!error.TryGetProperty("id", out var id)) return $"status {error.GetProperty("status").GetInt32()}";

        KnownErrors.ShouldBeAsInKuzzle(error);
        return id.GetString();
    }

    public void Dispose() => Gateway.Dispose();
}
