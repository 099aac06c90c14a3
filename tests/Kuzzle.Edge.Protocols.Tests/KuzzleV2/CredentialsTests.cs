using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>Logging in with CONNECT, and who hears a channel.</summary>
public sealed class CredentialsTests
{
    private const string CreateJoe =
        """{"controller":"security","action":"createUser","_id":"joe","body":{"content":{"profileIds":["admin"]},"credentials":{"local":{"username":"joe","password":"pw"}}}}""";

    [Fact]
    public async Task A_password_of_CONNECT_makes_requests_run_as_its_user()
    {
        await using var gateway = new MqttGateway();
        await (await gateway.ConnectAsync()).AskAsync(CreateJoe);
        var client = gateway.Open();

        (await client.LoginAsync("joe", "pw")).ShouldBe((byte)0);

        ((string?)(await client.AskAsync("""{"controller":"auth","action":"getCurrentUser"}"""))["result"]!["_id"]).ShouldBe("joe");
    }

    [Fact]
    public async Task An_API_key_can_be_the_password()
    {
        await using var gateway = new MqttGateway();
        var anonymous = await gateway.ConnectAsync();
        await anonymous.AskAsync(CreateJoe);
        var key = (string)(await anonymous.AskAsync("""{"controller":"security","action":"createApiKey","userId":"joe","_id":"k","body":{"description":"d"}}"""))["result"]!["_source"]!["token"]!;
        var client = gateway.Open();

        (await client.LoginAsync("whoever", key)).ShouldBe((byte)0);
        ((string?)(await client.AskAsync("""{"controller":"auth","action":"getCurrentUser"}"""))["result"]!["_id"]).ShouldBe("joe");

        await anonymous.AskAsync("""{"controller":"security","action":"deleteApiKey","userId":"joe","_id":"k"}""");
        (await client.ReadPublishAsync()).Topic.ShouldBe("kuzzle:notification:server");
        ((int)(await client.AskAsync("""{"controller":"auth","action":"getCurrentUser"}"""))["status"]!).ShouldBe(401);
        (await gateway.Open().LoginAsync("whoever", key)).ShouldBe((byte)4);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_unless_passwords_mean_nothing()
    {
        await using var gateway = new MqttGateway();
        await using var careless = new MqttGateway(new() { IgnoreCredentials = true });

        (await gateway.Open().LoginAsync("joe", "wrong")).ShouldBe((byte)4);
        (await careless.Open().LoginAsync("joe", "wrong")).ShouldBe((byte)0);
    }

    [Fact]
    public async Task Who_guesses_with_one_CONNECT_after_another_is_slowed_down()
    {
        await using var gateway = new MqttGateway();

        var answers = new List<byte>();
        while (answers.Count < 100 && !answers.Contains(3)) answers.Add(await gateway.Open().LoginAsync($"name{answers.Count}", "guess"));

        // Twenty at once and one each two seconds: a slow machine takes its time for each.
        answers.Take(20).ShouldAllBe(answer => answer == 4);
        answers.ShouldContain((byte)3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_channel_is_heard_by_others_only_where_channels_are_shared(bool isShared)
    {
        await using var gateway = new MqttGateway(new() { ShareChannels = isShared });
        var owner = await gateway.ConnectAsync();
        var channel = await owner.JoinAsync();
        await owner.SubscribeAsync((channel, 0));
        var stranger = await gateway.ConnectAsync();
        await stranger.SubscribeAsync((channel, 0));

        await owner.PublishAsync(RequestTopic, Publish("p1", "hello"));

        if (isShared) (await stranger.ReadPublishAsync()).Topic.ShouldBe(channel);
        else await stranger.ShouldHearNothingAsync();
    }
}
