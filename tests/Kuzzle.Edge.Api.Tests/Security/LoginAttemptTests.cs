using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests.Security;

public sealed class LoginAttemptTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8::1", "2001:db8::ffff:1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    public async Task Who_guesses_at_many_names_from_one_machine_is_slowed_down(string address, string sameMachine)
    {
        using var gateway = await SecuredGateway.StartAsync();
        for (var i = 0; i < 20; i++) (await LoginAsync(gateway, address, $"name{i}", "guess")).ShouldBe("plugin.strategy.missing_user");

        (await LoginAsync(gateway, sameMachine, "root", "secret")).ShouldBe("api.process.too_many_logins_requests");
        (await LoginAsync(gateway, "198.51.100.1", "root", "secret")).ShouldBeNull("other machines are not concerned");

        gateway.Gateway.Clock.Advance(TimeSpan.FromSeconds(3));
        (await LoginAsync(gateway, address, "root", "secret")).ShouldBeNull();
    }

    [Fact]
    public async Task Who_knows_one_password_cannot_guess_at_others_for_ever()
    {
        using var gateway = await SecuredGateway.StartAsync();
        string? error = null;
        var tries = 0;
        for (; tries < 100 && error != "api.process.too_many_logins_requests"; tries++)
        {
            error = await LoginAsync(gateway, "203.0.113.7", $"name{tries}", "guess");
            await LoginAsync(gateway, "203.0.113.7", "root", "secret");
        }

        tries.ShouldBe(21);
    }

    [Fact]
    public async Task Guesses_that_come_at_once_are_counted_at_once()
    {
        using var gateway = await SecuredGateway.StartAsync(SecuredGateway.Cheap with { PasswordIterations = 5000 });

        var errors = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => LoginAsync(gateway, $"203.0.113.{i}", "root", "guess"))));

        errors.Count(error => error == "plugin.strategy.missing_user").ShouldBe(10);
        errors.Count(error => error == "api.process.too_many_logins_requests").ShouldBe(40);
    }

    private static async Task<string?> LoginAsync(SecuredGateway gateway, string address, string userName, string password) =>
        (await gateway.Gateway.Api.LoginAsync(new ClientConnection("mqtt", address), userName, password, CancellationToken.None)).Fault?.Id;
}
