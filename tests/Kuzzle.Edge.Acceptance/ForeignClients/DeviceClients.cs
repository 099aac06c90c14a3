using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Acceptance.ForeignClients;

/// <summary>Mosquitto's command-line clients as devices: the device endpoint with the registry behind it, in the real process.</summary>
public sealed class DeviceClients : IAsyncLifetime, IDisposable
{
    private const string Key = "00112233445566778899aabbccddeeff";

    private readonly TestAuthority _authority = new();
    private readonly HttpClient _http = new();
    private readonly int _port = FreePort();
    private readonly int _securePort = FreePort();
    private readonly EdgeProcess _edge;

    public DeviceClients()
    {
        using var server = _authority.IssueServer();
        var (certificate, key) = _authority.WriteServer(server);
        _edge = new EdgeProcess(configuration =>
        {
            var listeners = configuration["server"]!["protocols"]!["mqtt"]!["listeners"]!.AsArray();
            listeners.Add(new JsonObject { ["port"] = _port, ["host"] = "127.0.0.1", ["profile"] = "drogue" });
            listeners.Add(new JsonObject
            {
                ["port"] = _securePort,
                ["host"] = "127.0.0.1",
                ["profile"] = "drogue",
                ["tls"] = new JsonObject { ["certificate"] = certificate, ["key"] = key },
            });
        });
        _http.BaseAddress = new Uri($"http://127.0.0.1:{_edge.HttpPort}");
    }

    public async Task InitializeAsync()
    {
        await _edge.StartAsync();
        var anchor = Convert.ToBase64String(_authority.Root.RawData);
        await DoAsync("/_/edge/applications/app1/_create", $$$"""{"spec":{"trustAnchors":{"anchors":[{"certificate":"{{{anchor}}}"}]}},"edge":{"store":"all"}}""");
        await MakeAsync("gw1", """{"spec":{"authentication":{"credentials":[{"pass":"secret"},{"user":{"username":"u1","password":"pw1"}}]}}}""");
        await MakeAsync("dev2", """{"spec":{"authentication":{},"gatewaySelector":{"matchNames":["gw1"]}}}""");
        await MakeAsync("dev3", """{"spec":{"authentication":{"credentials":[{"pass":"three"}]}}}""");
        await MakeAsync("dev4", $$$$"""{"spec":{"authentication":{"credentials":[{"psk":{"key":"{{{{Convert.ToBase64String(Convert.FromHexString(Key))}}}}"}}]}}}""");
        await MakeAsync("dev5", """{"spec":{"authentication":{},"alias":["CN=dev5"]}}""");
    }

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task What_is_acknowledged_is_an_event_in_the_store(string version)
    {
        foreach (var qos in (string[])["1", "2"])
        {
            (await PublishAsync("gw1", "secret", version, qos, $"temp{qos}", """{"value":21}""")).ExitCode.ShouldBe(0);
            (await PublishAsync("gw1", "secret", version, qos, $"temp{qos}/dev2", "21,5")).ExitCode.ShouldBe(0);
        }

        var events = await EventsAsync();
        events.Count.ShouldBe(4);
        var own = events.Single(said => (string?)said["channel"] == "temp1" && (string?)said["device"] == "gw1");
        ((int)own["data"]!["value"]!).ShouldBe(21);
        var other = events.Single(said => (string?)said["channel"] == "temp2" && (string?)said["device"] == "dev2");
        ((string?)other["sender"]).ShouldBe("gw1");
        ((string?)other["data_base64"]).ShouldBe(Convert.ToBase64String("21,5"u8));
    }

    [Fact]
    public async Task A_device_that_speaks_for_a_stranger_is_told_and_nothing_is_stored()
    {
        var (_, modern) = await PublishAsync("gw1", "secret", "mqttv5", "1", "temp/dev3", "1");
        var (old, _) = await PublishAsync("gw1", "secret", "mqttv311", "0", "temp/dev3", "1");

        modern.ShouldContain("Not authorized");
        old.ShouldBe(0);
        (await EventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_right_that_was_taken_away_is_gone_at_once()
    {
        (await PublishAsync("gw1", "secret", "mqttv5", "1", "temp/dev2", "1")).Output.ShouldNotContain("Not authorized");

        await DoAsync("/_/edge/app1/devices/dev2", """{"spec":{"gatewaySelector":{"matchNames":[]}}}""", HttpMethod.Patch);

        (await PublishAsync("gw1", "secret", "mqttv5", "1", "temp/dev2", "2")).Output.ShouldContain("Not authorized");
        (await EventsAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task A_wrong_password_lets_nobody_in(string password) =>
        (await PublishAsync("gw1", password, "mqttv311", "1", "temp", "1")).ExitCode.ShouldNotBe(0);

    [Fact]
    public async Task A_user_name_of_a_device_lets_it_in() =>
        (await ForeignProgram.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{_port}", "-i", "gw1@app1", "-u", "u1", "-P", "pw1", "-q", "1", "-t", "temp", "-m", "1"])).ExitCode.ShouldBe(0);

    [Fact]
    public async Task A_pre_shared_key_of_the_registry_lets_its_device_in()
    {
        string[] connection = ["-h", "127.0.0.1", "-p", $"{_securePort}", "--psk-identity", "dev4@app1", "-q", "1", "-t", "temp", "-m", "1", "--psk"];

        (await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "0000"])).ExitCode.ShouldNotBe(0);
        var (exitCode, output) = await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, Key]);

        exitCode.ShouldBe(0, output);
        ((string?)(await EventsAsync()).Single()["device"]).ShouldBe("dev4");
    }

    [Fact]
    public async Task A_certificate_from_an_anchor_of_its_application_lets_a_device_in_and_no_other_does()
    {
        using var good = _authority.IssueClient("dev5");
        using var others = new TestAuthority();
        using var foreign = others.IssueClient("dev5");
        string[] connection = ["-h", "localhost", "-p", $"{_securePort}", "--cafile", _authority.Trust, "-q", "1", "-t", "temp", "-m", "1"];
        var (goodPath, goodKey) = _authority.WriteServer(good, "good");
        var (foreignPath, foreignKey) = _authority.WriteServer(foreign, "foreign");

        (await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "--cert", foreignPath, "--key", foreignKey])).ExitCode.ShouldNotBe(0);
        (await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "--cert", goodPath, "--key", goodKey, "-u", "gw1@app1", "-P", "secret"])).ExitCode.ShouldNotBe(0);
        (await ForeignProgram.RunAsync("mosquitto_pub", connection)).ExitCode.ShouldNotBe(0);
        var (exitCode, output) = await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "--cert", goodPath, "--key", goodKey]);

        exitCode.ShouldBe(0, output);
        ((string?)(await EventsAsync()).Single()["device"]).ShouldBe("dev5");
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_command_reaches_the_gateway_of_a_device_and_is_delivered_when_it_has_acknowledged(string version)
    {
        await using var gateway = await SubscribeAsync(version, "command/inbox/#");

        var sent = await DoAsync("/_/edge/app1/devices/dev2/_command/set-temp?qos=1&ttl=60000", """{"target":21}""");

        (await gateway.ReadLineAsync()).ShouldBe("""command/inbox/dev2/set-temp {"target":21}""");
        await Eventually.TrueAsync(
            async () => (string?)(await GetAsync($"/_/edge/app1/commands/{sent["id"]}"))["_source"]!["state"] == "delivered", TimeSpan.FromSeconds(20), () => _edge.Output);
    }

    [Fact]
    public async Task A_command_that_waits_comes_when_its_device_subscribes()
    {
        var sent = await DoAsync("/_/edge/app1/devices/gw1/_command/wake?qos=1&ttl=60000", "1");
        ((string?)sent["state"]).ShouldBe("queued");

        await using var device = await SubscribeAsync("mqttv5", "command/inbox//#");

        (await device.ReadLineAsync()).ShouldBe("command/inbox//wake 1");
    }

    [Fact]
    public async Task A_certificate_through_an_intermediate_authority_lets_a_device_in_when_that_one_comes_along()
    {
        using var intermediate = _authority.IssueIntermediate("Line 3");
        using var device = _authority.IssueClient("dev5", TestAuthority.Now.AddDays(100), intermediate);
        var (alone, key) = _authority.WriteServer(device, "through");
        var chain = _authority.Write("chain.pem", device.ExportCertificatePem() + "\n" + intermediate.ExportCertificatePem() + "\n");
        string[] connection = ["-h", "localhost", "-p", $"{_securePort}", "--cafile", _authority.Trust, "--key", key, "-q", "1", "-t", "temp", "-m", "1", "--cert"];

        (await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, alone])).ExitCode.ShouldNotBe(0);
        var (exitCode, output) = await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, chain]);

        exitCode.ShouldBe(0, output);
        ((string?)(await EventsAsync()).Single()["device"]).ShouldBe("dev5");
    }

    [Theory]
    [InlineData("/api/command/v1alpha1/apps/app1/devices/gw1?command=set%2Ftemp", "text/plain", "21,5", HttpStatusCode.Accepted, "command/inbox//set/temp 21,5")]
    [InlineData("/api/command/v1alpha1/apps/app1/devices/gw1?command=set", null, "", HttpStatusCode.Accepted, "command/inbox//set (null)")]
    [InlineData("/api/command/v1alpha1/apps/app1/devices/gw1?command=set", "application/json", "{\"a\": 1}", HttpStatusCode.Accepted, "command/inbox//set {\"a\": 1}")]
    [InlineData("/_/edge/app1/devices/gw1/_command/set", "application/octet-stream", "\u0001\u0002", HttpStatusCode.OK, "command/inbox//set \u0001\u0002")]
    [InlineData("/api/command/v1alpha1/apps/app1/devices/gw1?command=set", "application/json", "{", HttpStatusCode.NotAcceptable, null)]
    [InlineData("/api/command/v1alpha1/apps/app1/devices/nobody?command=set", null, "1", HttpStatusCode.NotFound, null)]
    [InlineData("/api/command/v1alpha1/apps/nowhere/devices/gw1?command=set", null, "1", HttpStatusCode.NotFound, null)]
    [InlineData("/api/command/v1alpha1/apps/app1/devices/gw1", null, "1", HttpStatusCode.BadRequest, null)]
    public async Task Whatever_is_posted_is_the_payload_byte_for_byte(string path, string? contentType, string payload, HttpStatusCode status, string? line)
    {
        await using var device = await SubscribeAsync("mqttv311", "command/inbox//#");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload)) };
        if (contentType is not null) request.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue(contentType);

        using var response = await _http.SendAsync(request);

        response.StatusCode.ShouldBe(status, await response.Content.ReadAsStringAsync());
        await DoAsync("/_/edge/app1/devices/gw1/_command/last", "1");
        if (line is not null) (await device.ReadLineAsync()).ShouldBe(line);
        (await device.ReadLineAsync()).ShouldBe("command/inbox//last 1");
    }

    [Fact]
    public async Task A_gateway_that_asks_for_a_device_by_its_alias_gets_its_commands_under_that_name()
    {
        await DoAsync("/_/edge/app1/devices/dev2", """{"spec":{"alias":["second"]}}""", HttpMethod.Patch);
        await using var gateway = await SubscribeAsync("mqttv5", "command/inbox/second/#");

        await DoAsync("/_/edge/app1/devices/dev2/_command/set", "1");

        (await gateway.ReadLineAsync()).ShouldBe("command/inbox/second/set 1");
    }

    [Fact]
    public async Task Devices_of_the_configuration_come_and_go_with_a_hangup()
    {
        await _edge.ReconfigureAsync(configuration =>
        {
            configuration["applications"] = new JsonObject { ["app1"] = new JsonObject() };
            configuration["devices"] = JsonNode.Parse("""{"app1":{"told":{"spec":{"authentication":{"credentials":[{"pass":"by file"}]}}}}}""");
        });
        (await PublishAsync("told", "by file", "mqttv311", "1", "temp", "1")).ExitCode.ShouldBe(0);
        await using var device = ForeignProgram.Start(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{_port}", "-V", "mqttv5", "-u", "told@app1", "-P", "by file", "-t", "command/inbox//#"]);
        await Eventually.TrueAsync(async () => (await SessionsAsync("told")).Count == 1, TimeSpan.FromSeconds(20), () => _edge.Output);

        await _edge.ReconfigureAsync(configuration => configuration["devices"]!["app1"]!["told"]!["spec"]!["authentication"]!["credentials"]![0]!["pass"] = "another");
        (await PublishAsync("told", "by file", "mqttv311", "1", "temp", "2")).ExitCode.ShouldNotBe(0);
        (await PublishAsync("told", "another", "mqttv311", "1", "temp", "3")).ExitCode.ShouldBe(0);

        await _edge.ReconfigureAsync(configuration => configuration.Remove("devices"));
        (await PublishAsync("told", "another", "mqttv311", "1", "temp", "4")).ExitCode.ShouldNotBe(0);
        _edge.Output.ShouldContain("The device told of app1 is declared no longer, and is disabled");
        (await PublishAsync("gw1", "secret", "mqttv311", "1", "temp", "5")).ExitCode.ShouldBe(0);
        (await EventsAsync()).Select(said => (int)said["data"]!).ShouldBe([1, 3, 5], ignoreOrder: true);
    }

    [Fact]
    public async Task A_device_that_is_disabled_is_thrown_out_and_stays_out()
    {
        await using var device = await SubscribeAsync("mqttv5", "command/inbox//#");
        await Eventually.TrueAsync(async () => (await SessionsAsync("gw1")).Count == 1, TimeSpan.FromSeconds(20), () => _edge.Output);

        await DoAsync("/_/edge/app1/devices/gw1/_disable", "{}");

        await Eventually.TrueAsync(async () => (await SessionsAsync("gw1")).Count == 0, TimeSpan.FromSeconds(20), () => _edge.Output);
        (await PublishAsync("gw1", "secret", "mqttv311", "1", "temp", "1")).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task A_device_that_is_cut_off_leaves_its_will_as_an_event()
    {
        await using (var dying = ForeignProgram.Start(
            "mosquitto_sub",
            ["-h", "127.0.0.1", "-p", $"{_port}", "-u", "gw1@app1", "-P", "secret", "-t", "command/inbox//#", "--will-topic", "last/words", "--will-payload", "gone"]))
        {
            await Eventually.TrueAsync(async () => (await SessionsAsync("gw1")).Count == 1, TimeSpan.FromSeconds(20), () => _edge.Output);
        }

        await Eventually.TrueAsync(
            async () => (await EventsAsync()).Exists(said => (string?)said["channel"] == "last/words"), TimeSpan.FromSeconds(20), () => _edge.Output);
    }

    private async Task<(int ExitCode, string Output)> PublishAsync(string device, string password, string version, string qos, string topic, string payload) =>
        await ForeignProgram.RunAsync(
            "mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{_port}", "-V", version, "-u", $"{device}@app1", "-P", password, "-q", qos, "-t", topic, "-m", payload]);

    /// <summary>The device gw1, once the registry knows that it listens.</summary>
    private async Task<ForeignProgram> SubscribeAsync(string version, string filter)
    {
        var subscriber = ForeignProgram.Start(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{_port}", "-V", version, "-u", "gw1@app1", "-P", "secret", "-q", "1", "-t", filter, "-v"]);
        await Eventually.TrueAsync(
            async () => (await SessionsAsync("gw1")).Any(session => session!["filters"]?.AsArray().Count > 0), TimeSpan.FromSeconds(20), () => _edge.Output);
        return subscriber;
    }

    private async Task<List<JsonNode>> EventsAsync()
    {
        await DoAsync("/app1/events/_refresh", "{}", HttpMethod.Put, mayFail: true);
        using var response = await _http.GetAsync("/app1/events/_search?size=100");
        if (response.StatusCode == HttpStatusCode.PreconditionFailed) return []; // The first event makes the collection.

        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>();
        return [.. (answer!["result"]?["hits"]?.AsArray() ?? []).Select(hit => hit!["_source"]!).Where(said => (string?)said["type"] == "io.drogue.event.v1")];
    }

    private async Task<JsonArray> SessionsAsync(string device) => (await GetAsync($"/_/edge/app1/devices/{device}/_sessions"))["sessions"]!.AsArray();

    private Task<JsonObject> MakeAsync(string device, string document) => DoAsync($"/_/edge/app1/devices/{device}/_create", document);

    private async Task<JsonObject> GetAsync(string path) => (await _http.GetFromJsonAsync<JsonObject>(path))!["result"]!.AsObject();

    private async Task<JsonObject> DoAsync(string path, string body, HttpMethod? method = null, bool mayFail = false)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(request);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        if (!mayFail) answer["error"].ShouldBeNull(answer.ToJsonString());
        return answer["result"] as JsonObject ?? [];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
