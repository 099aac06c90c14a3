namespace Kuzzle.Edge.Api.Tests.Security;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("security:getRole", """ "_id":"nobody" """, "security.role.not_found")]
    [InlineData("security:deleteRole", """ "_id":"admin" """, "security.role.cannot_delete")]
    [InlineData("security:deleteRole", """ "_id":"joes" """, "security.role.in_use")]
    [InlineData("security:createRole", """ "_id":"r","body":{"controllers":{"nothing":{"actions":{"*":true}}}} """, "security.role.unknown_controller")]
    [InlineData("security:createRole", """ "_id":"r","body":{"controllers":{"document":{"actions":{"nothing":true}}}} """, "security.role.unknown_action")]
    [InlineData("security:updateRole", """ "_id":"anonymous","body":{"controllers":{"server":{"actions":{"now":true}}}} """, "security.role.login_required")]
    [InlineData("security:createRole", """ "_id":"r","body":{"controllers":{"document":{}}} """, "api.assert.empty_argument")]
    [InlineData("security:createRole", """ "_id":"joes","body":{"controllers":{"*":{"actions":{"*":true}}}} """, "services.storage.document_already_exists")]
    [InlineData("security:getProfile", """ "_id":"nobody" """, "security.profile.not_found")]
    [InlineData("security:deleteProfile", """ "_id":"default" """, "security.profile.cannot_delete")]
    [InlineData("security:deleteProfile", """ "_id":"joes" """, "security.profile.in_use")]
    [InlineData("security:createOrReplaceProfile", """ "_id":"anonymous","body":{"policies":[{"roleId":"default"}]} """, "security.profile.missing_anonymous_role")]
    [InlineData("security:createProfile", """ "_id":"p","strict":true,"body":{"policies":[{"roleId":"joes","restrictedTo":[{"index":"none"}]}]} """, "services.storage.unknown_index")]
    [InlineData("security:createProfile", """ "_id":"p","body":{"rateLimit":-1,"policies":[{"roleId":"joes"}]} """, "api.assert.invalid_type")]
    [InlineData("security:getUser", """ "_id":"nobody" """, "security.user.not_found")]
    [InlineData("security:createUser", """ "_id":"joe","body":{"content":{"profileIds":["joes"]}} """, "security.user.already_exists")]
    [InlineData("security:updateUser", """ "_id":"-1","body":{"profileIds":["admin"]} """, "security.user.anonymous_profile_required")]
    [InlineData("security:createUser", """ "_id":"joe","body":{"content":{"profileIds":["joes"]},"credentials":{"local":{"username":"x","password":"y"}}} """, "security.credentials.database_inconsistency")]
    [InlineData("security:createCredentials", """ "strategy":"ldap","_id":"joe","body":{} """, "security.credentials.unknown_strategy")]
    [InlineData("security:createCredentials", """ "strategy":"local","_id":"joe","body":{"username":"joe2","password":"x"} """, "status 412")]
    [InlineData("security:updateCredentials", """ "strategy":"local","_id":"joe","body":{"username":"root"} """, "status 412")]
    [InlineData("security:updateCredentials", """ "strategy":"local","_id":"joe","body":{"password":7} """, "status 400")]
    [InlineData("admin:loadSecurities", """ "body":{"users":{"joe":{"content":{"profileIds":["joes"]}}}} """, "security.user.prevent_overwrite")]
    [InlineData("admin:loadSecurities", """ "onExistingUsers":"eat","body":{} """, "api.assert.unexpected_argument")]
    [InlineData("auth:login", """ "strategy":"local","expiresIn":"2h","body":{"username":"joe","password":"pw"} """, "security.token.ttl_exceeded")]
    [InlineData("auth:createToken", """ "expiresIn":"2h" """, "security.token.ttl_exceeded")]
    [InlineData("auth:login", """ "strategy":"local","cookieAuth":true,"body":{"username":"joe","password":"pw"} """, "security.cookie.unsupported")]
    [InlineData("security:createFirstAdmin", """ "body":{} """, "api.process.admin_exists")]
    [InlineData("security:deleteApiKey", """ "userId":"joe","_id":"none" """, "services.storage.not_found")]
    [InlineData("auth:updateSelf", """ "body":{"profileIds":["admin"]} """, "api.assert.forbidden_argument")]
    [InlineData("security:mDeleteUsers", """ "body":{"ids":["nobody"]} """, "services.storage.incomplete_delete")]
    public async Task A_refusal_says_by_its_id_what_is_wrong(string action, string members, string error)
    {
        using var gateway = await SecuredGateway.StartAsync(SecuredGateway.Cheap with { MaxTtl = TimeSpan.FromHours(1) });
        await gateway.JoeWhoMayAsync("""{"document":{"actions":{"*":true}}}""");

        (await gateway.AdminsErrorAsync(action, members)).ShouldBe(error);
    }

    [Theory]
    [InlineData(true, "security.rights.unauthorized")]
    [InlineData(false, "security.rights.forbidden")]
    public async Task Who_may_not_is_told_whether_a_login_could_help(bool isAnonymous, string error)
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"document":{"actions":{"*":true}}}""");

        (await gateway.ErrorAsync("security:deleteUser", isAnonymous ? "" : joe, "\"_id\":\"root\"")).ShouldBe(error);
    }

    [Fact]
    public async Task A_token_made_of_a_token_must_expire()
    {
        using var gateway = await SecuredGateway.StartAsync();

        (await gateway.AdminsErrorAsync("auth:createToken", "\"expiresIn\":-1")).ShouldBe("security.token.invalid_expiration");
    }

    [Fact]
    public async Task What_never_expires_cannot_be_refreshed()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var forEver = await gateway.LoginAsync("root", "secret", "\"expiresIn\":-1");

        (await gateway.ErrorAsync("auth:refreshToken", forEver)).ShouldBe("security.token.refresh_forbidden");
    }

    [Fact]
    public async Task Who_logs_in_too_often_is_told_so()
    {
        using var gateway = new Gateway(new ApiOptions { Security = SecuredGateway.Cheap });

        (await gateway.ErrorOfAsync("auth:login", """ "strategy":"local","body":{"username":"a","password":"b"} """)).ShouldBe("plugin.strategy.missing_user");
        (await gateway.ErrorOfAsync("auth:login", """ "strategy":"local","body":{"username":"a","password":"b"} """)).ShouldBe("api.process.too_many_logins_requests");
    }

    [Fact]
    public async Task Guesses_at_one_name_are_slowed_down_whatever_connection_they_come_by()
    {
        using var gateway = await SecuredGateway.StartAsync();
        const string Guess = """ "strategy":"local","body":{"username":"root","password":"guess"} """;
        for (var i = 0; i < 10; i++) (await gateway.Gateway.ErrorOfAsync("auth:login", Guess)).ShouldBe("plugin.strategy.missing_user");

        (await gateway.Gateway.ErrorOfAsync("auth:login", Guess)).ShouldBe("api.process.too_many_logins_requests");

        gateway.Gateway.Clock.Advance(TimeSpan.FromSeconds(6));
        (await gateway.LoginAsync("root", "secret")).ShouldStartWith("kauth-");
    }
}
