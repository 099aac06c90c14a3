using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;

namespace Kuzzle.Edge.Acceptance.ForeignClients;

/// <summary>Users and rights on an open listener, as people use them: hashes from the command line, drop-ins, <c>mosquitto_pub -u -P</c>, SIGHUP.</summary>
public sealed class MqttAccess
{
    private const int NotAuthorised = 5;
    private const int BadCredentials = 4;

    [Fact]
    public async Task Users_come_in_with_their_passwords_and_use_their_topics_only()
    {
        await using var edge = await StartAsync();

        (await PublishAsync(edge, "plant/pump/state", "x", "-u", "pump", "-P", "water")).ShouldBe(0);
        (await PublishAsync(edge, "plant/pump/state", "x", "-u", "pump", "-P", "wine")).ShouldBe(BadCredentials);
        (await PublishAsync(edge, "plant/pump/state", "x", "-u", "nobody", "-P", "water")).ShouldBe(BadCredentials);
        (await PublishAsync(edge, "plant/pump/state", "x")).ShouldBe(NotAuthorised);

        await using var board = await SubscribeAsync(edge, "#", "-u", "board", "-P", "wood");
        (await PublishAsync(edge, "plant/fan/state", "not mine", "-u", "pump", "-P", "water", "-q", "1")).ShouldBe(0, "3.1.1 has no word for it");
        (await PublishAsync(edge, "secret/pump", "denied", "-u", "board", "-P", "wood", "-q", "1")).ShouldBe(0);
        (await PublishAsync(edge, "plant/pump/state", "mine", "-u", "pump", "-P", "water", "-q", "1")).ShouldBe(0);

        (await MessageAsync(board)).ShouldBe("mine");
        var (_, complaint) = await ForeignProgram.RunAsync(
            "mosquitto_pub", [.. To(edge), "-V", "mqttv5", "-d", "-q", "1", "-t", "plant/fan/state", "-m", "x", "-u", "pump", "-P", "water"]);
        complaint.ShouldContain("Not authorized");
        var (_, refusal) = await ForeignProgram.RunAsync("mosquitto_sub", [.. To(edge), "-t", "plant/fan/#", "-E", "-u", "pump", "-P", "water"]);
        refusal.ShouldContain("denied");
    }

    [Fact]
    public async Task A_password_file_of_mosquitto_moves_over_line_by_line()
    {
        var passwords = Path.GetTempFileName();
        try
        {
            (await ForeignProgram.RunAsync("mosquitto_passwd", ["-b", passwords, "carol", "Grüße"])).ExitCode.ShouldBe(0);
            var line = (await File.ReadAllTextAsync(passwords)).Trim().Split(':');
            await using var edge = new EdgeProcess(configuration => Configure(configuration, users => users[line[0]] = new JsonObject { ["password"] = line[1] }));
            await edge.StartAsync();

            (await PublishAsync(edge, "any", "x", "-u", "carol", "-P", "Grüße")).ShouldBe(0);
            (await PublishAsync(edge, "any", "x", "-u", "carol", "-P", "Grusse")).ShouldBe(BadCredentials);
        }
        finally
        {
            File.Delete(passwords);
        }
    }

    [Fact]
    public async Task A_user_who_is_removed_is_closed_and_rights_change_under_the_feet_of_the_others()
    {
        await using var edge = await StartAsync();
        await using var board = await SubscribeAsync(edge, "plant/#", "-u", "board", "-P", "wood");
        await using var pump = await SubscribeAsync(edge, "plant/pump/#", "-u", "pump", "-P", "water", "-V", "mqttv5");

        await edge.ReconfigureAsync(configuration =>
        {
            var mqtt = configuration["server"]!["protocols"]!["mqtt"]!;
            mqtt["users"]!.AsObject().Remove("pump");
            mqtt["acl"]!["board"]!["readwrite"] = new JsonArray("plant/fan/#");
        });

        (await pump.ReadToEndAsync()).ShouldContain("Received DISCONNECT (152)", Case.Sensitive, "0x98, administrative action");
        (await PublishAsync(edge, "plant/pump/state", "x", "-u", "pump", "-P", "water")).ShouldBe(BadCredentials);
        (await PublishAsync(edge, "plant/pump/state", "hidden", "-u", "board", "-P", "wood", "-q", "1")).ShouldBe(0);
        (await PublishAsync(edge, "plant/fan/state", "seen", "-u", "board", "-P", "wood", "-q", "1")).ShouldBe(0);
        (await MessageAsync(board)).ShouldBe("seen");
    }

    [Fact]
    public async Task The_client_identifier_of_one_user_is_not_for_another()
    {
        await using var edge = await StartAsync();
        await using var pump = await SubscribeAsync(edge, "plant/pump/#", "-i", "pump-1", "-u", "pump", "-P", "water");

        (await PublishAsync(edge, "plant/x", "x", "-i", "pump-1", "-u", "board", "-P", "wood")).ShouldBe(2, "identifier rejected");

        (await PublishAsync(edge, "plant/pump/a", "still here", "-u", "board", "-P", "wood")).ShouldBe(0);
        (await MessageAsync(pump)).ShouldBe("still here");
    }

    private static async Task<EdgeProcess> StartAsync()
    {
        var (pump, board) = (await HashAsync("water"), await HashAsync("wood"));
        var edge = new EdgeProcess(configuration => Configure(
            configuration,
            users => (users["pump"], users["board"]) = (new JsonObject { ["password"] = pump }, new JsonObject { ["password"] = board }),
            new JsonObject
            {
                ["own"] = new JsonObject { ["for"] = new JsonArray("user:*"), ["readwrite"] = new JsonArray("plant/%u/#") },
                ["board"] = new JsonObject { ["for"] = new JsonArray("user:board"), ["readwrite"] = new JsonArray("#") },
                ["secrets"] = new JsonObject { ["for"] = new JsonArray("everyone"), ["deny"] = new JsonArray("secret/#") },
            }));
        await edge.StartAsync();
        return edge;
    }

    private static void Configure(JsonObject configuration, Action<JsonObject> addUsers, JsonObject? rules = null)
    {
        var mqtt = configuration["server"]!["protocols"]!["mqtt"]!;
        mqtt["listeners"]![0]!["allowAnonymous"] = false;
        var users = new JsonObject();
        addUsers(users);
        mqtt["users"] = users;
        if (rules is not null) mqtt["acl"] = rules;
    }

    private static async Task<string> HashAsync(string password)
    {
        await using var passwd = ForeignProgram.Start(RepositoryLayout.Binary, ["passwd", "--iterations", "1000"]);
        await passwd.WriteLineAsync(password);
        return await passwd.ReadLineAsync();
    }

    private static string[] To(EdgeProcess edge) => ["-h", "127.0.0.1", "-p", $"{edge.OpenPort}"];

    private static async Task<int> PublishAsync(EdgeProcess edge, string topic, string payload, params string[] more)
    {
        var (exitCode, _) = await ForeignProgram.RunAsync("mosquitto_pub", [.. To(edge), "-t", topic, "-m", payload, .. more]);
        return exitCode;
    }

    private static async Task<ForeignProgram> SubscribeAsync(EdgeProcess edge, string topic, params string[] more)
    {
        // -d prints a line for the SUBACK: from then on nothing can be missed.
        var subscriber = ForeignProgram.Start("stdbuf", ["-oL", "mosquitto_sub", "-d", .. To(edge), "-t", topic, "-F", "> %p", .. more]);
        while (!(await subscriber.ReadLineAsync()).StartsWith("Subscribed", StringComparison.Ordinal))
        {
            // CONNACK and the like.
        }

        return subscriber;
    }

    private static async Task<string> MessageAsync(ForeignProgram subscriber)
    {
        while (true)
        {
            var line = await subscriber.ReadLineAsync();
            if (line.StartsWith("> ", StringComparison.Ordinal)) return line[2..];
        }
    }
}
