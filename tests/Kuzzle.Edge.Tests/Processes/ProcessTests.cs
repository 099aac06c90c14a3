using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Tests.Systemd;

namespace Kuzzle.Edge.Tests.Processes;

public sealed partial class ProcessTests : IDisposable
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly string _directory = Directory.CreateTempSubdirectory("kuzzle-edge-process-").FullName;

    private string Data => Path.Combine(_directory, "data");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Terminate)]
    [InlineData(Interrupt)]
    public async Task It_stops_in_order_within_five_seconds_when_it_is_asked_to(int signal)
    {
        using var edge = EdgeProcess.Start(["run", "--config", Configuration()]);
        await edge.ReadyAsync();
        var asked = Stopwatch.GetTimestamp();

        edge.Signal(signal);
        edge.Signal(signal); // Supervisors do it twice.
        var code = await edge.EndAsync();

        code.ShouldBe(0, edge.Output + edge.Errors);
        Stopwatch.GetElapsedTime(asked).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        edge.Errors.ShouldBeEmpty();
        edge.Output.ShouldContain("Stopped");
        File.Exists(Path.Combine(Data, "documents.db-wal")).ShouldBeFalse("the store was closed in order");
    }

    [Fact]
    public async Task Clients_that_hang_do_not_hold_up_its_end()
    {
        using var edge = EdgeProcess.Start(["run", "--config", Configuration()]);
        await edge.ReadyAsync();
        var ports = ReadyPorts().Match(edge.Output);
        using var silent = await ConnectAsync(ports.Groups["mqtt"].Value, "");
        using var connected = await ConnectAsync(ports.Groups["mqtt"].Value, "\u0010\u0010\0\u0004MQTT\u0004\u0002\0\0\0\u0004hang");
        using var half = await ConnectAsync(ports.Groups["http"].Value, "POST /_query HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
        var asked = Stopwatch.GetTimestamp();

        edge.Signal(Terminate);
        var code = await edge.EndAsync();

        code.ShouldBe(0, edge.Output + edge.Errors);
        Stopwatch.GetElapsedTime(asked).ShouldBeLessThan(TimeSpan.FromSeconds(5), edge.Output);
    }

    [Fact]
    public async Task A_wrong_configuration_is_one_line_for_each_fault()
    {
        var (code, output, errors) = await EdgeProcess.RunAsync("run", "--config", Configuration(file => file["server"]!["prot"] = 1));

        code.ShouldBe(78);
        output.ShouldBeEmpty();
        errors.ShouldBe($"kuzzle-edge: {_directory}/kuzzlerc:1: server.prot is not a setting; did you mean server.port? [exit 78]\n");
    }

    [Fact]
    public async Task A_broken_file_is_one_line()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "broken"), "{ \"server\": \n");

        var (code, _, errors) = await EdgeProcess.RunAsync("run", "--config", Path.Combine(_directory, "broken"));

        code.ShouldBe(78);
        Lines(errors).ShouldHaveSingleItem().ShouldContain("broken:2: is not valid JSON");
    }

    [Fact]
    public async Task Checking_tells_all_faults_and_starts_nothing()
    {
        var wrong = Configuration(file => (file["server"]!["prot"], file["storage"]!["durability"]) = (1, "half"));

        var (code, _, errors) = await EdgeProcess.RunAsync("check", "--config", wrong);

        code.ShouldBe(78);
        Lines(errors).Length.ShouldBe(2);
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Checking_says_that_a_right_configuration_is_right()
    {
        var (code, output, errors) = await EdgeProcess.RunAsync("check", "--config", Configuration());

        code.ShouldBe(0);
        output.ShouldContain("the configuration is right");
        errors.ShouldBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Theory]
    [InlineData("server.protocols.mqtt.server.port")]
    [InlineData("server.port")]
    public async Task A_port_in_use_is_one_line(string setting)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (code, _, errors) = await EdgeProcess.RunAsync("run", "--config", Configuration(), $"--{setting}={port}");

        code.ShouldBe(69);
        errors.ShouldBe($"kuzzle-edge: Cannot listen on 127.0.0.1:{port}: the port is in use by another program. [exit 69]\n");
    }

    [Fact]
    public async Task An_address_that_is_not_of_this_machine_is_one_line()
    {
        var (code, _, errors) = await EdgeProcess.RunAsync("run", "--config", Configuration(), "--server.host=192.0.2.1");

        code.ShouldBe(69);
        Lines(errors).ShouldHaveSingleItem().ShouldStartWith("kuzzle-edge: Cannot listen on 192.0.2.1:0: ");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_one_line()
    {
        await File.WriteAllTextAsync(Data, "a file where the folder should be");

        var (code, _, errors) = await EdgeProcess.RunAsync("run", "--config", Configuration());

        code.ShouldBe(73);
        Lines(errors).ShouldHaveSingleItem().ShouldContain(Data);
    }

    [Fact]
    public async Task A_data_folder_of_another_gateway_is_one_line()
    {
        using var first = EdgeProcess.Start(["run", "--config", Configuration()]);
        await first.ReadyAsync();

        var (code, _, errors) = await EdgeProcess.RunAsync("run", "--config", Configuration());

        code.ShouldBe(75);
        Lines(errors).ShouldHaveSingleItem().ShouldContain("is in use by another process");
    }

    [Theory]
    [InlineData]
    [InlineData("stop")]
    [InlineData("--verson")]
    public async Task A_wrong_command_line_is_one_line(params string[] arguments)
    {
        var (code, _, errors) = await EdgeProcess.RunAsync(arguments);

        code.ShouldBe(64);
        Lines(errors).ShouldHaveSingleItem().ShouldContain("kuzzle-edge --help");
    }

    [Fact]
    public async Task The_version_and_the_help_go_to_standard_output()
    {
        var (versionCode, version, _) = await EdgeProcess.RunAsync("--version");
        var (helpCode, help, _) = await EdgeProcess.RunAsync("--help");

        versionCode.ShouldBe(0);
        version.ShouldStartWith("kuzzle-edge 0.");
        helpCode.ShouldBe(0);
        help.ShouldContain("Exit codes:");
        foreach (var code in Enum.GetValues<ExitCode>()) help.ShouldContain($"{(int)code} ");
    }

    [Fact]
    public async Task The_service_manager_hears_of_every_step_and_gets_signs_of_life()
    {
        using var socket = NotifySocket.InAbstractNamespace();
        using var edge = EdgeProcess.Start(["run", "--config", Configuration()], ("NOTIFY_SOCKET", socket.Name), ("WATCHDOG_USEC", "1000000"));
        var states = new List<string> { await socket.ReceiveAsync(), await socket.ReceiveAsync() };

        states.ShouldContain(state => state.StartsWith("READY=1\nSTATUS=", StringComparison.Ordinal));
        states.ShouldContain("WATCHDOG=1");
        (await socket.ReceiveAsync()).ShouldBe("WATCHDOG=1");

        edge.Signal(Hangup);
        (await NextOtherThanAsync(socket, "WATCHDOG=1")).ShouldStartWith("RELOADING=1\nMONOTONIC_USEC=");
        (await NextOtherThanAsync(socket, "WATCHDOG=1")).ShouldStartWith("READY=1");

        edge.Signal(Terminate);
        (await NextOtherThanAsync(socket, "WATCHDOG=1")).ShouldStartWith("STOPPING=1");
        (await edge.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_hangup_reads_the_configuration_again_and_says_what_needs_a_restart()
    {
        using var edge = EdgeProcess.Start(["run", "--config", Configuration()]);
        await edge.ReadyAsync();

        Configuration(file =>
        {
            file["log"] = new JsonObject { ["level"] = "debug" };
            file["limits"] = new JsonObject { ["documentsFetchCount"] = 5 };
        });
        edge.Signal(Hangup);
        await edge.SaysAsync("These settings have changed and need a restart: limits.documentsFetchCount");
        edge.Output.ShouldContain("changed: log.level");

        Configuration(file => file["lgo"] = 1);
        edge.Signal(Hangup);
        await edge.SaysAsync("The configuration has 1 faults; the one before stays in force");
        edge.Output.ShouldContain("lgo is not a setting; did you mean log?");

        edge.Signal(Terminate);
        (await edge.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_log_file_is_written_beside_the_console()
    {
        var log = Path.Combine(_directory, "edge.log");
        using var edge = EdgeProcess.Start(["run", "--config", Configuration(), $"--log.file={log}"]);
        await edge.ReadyAsync();

        edge.Signal(Terminate);
        (await edge.EndAsync()).ShouldBe(0);

        var written = await File.ReadAllTextAsync(Directory.GetFiles(_directory, "edge*.log").ShouldHaveSingleItem());
        written.ShouldBe(edge.Output);
    }

    [Fact]
    public async Task A_log_file_that_cannot_be_written_is_one_line()
    {
        var (code, _, errors) = await EdgeProcess.RunAsync("run", "--config", Configuration(), "--log.file=/proc/nowhere/edge.log");

        code.ShouldBe(78);
        Lines(errors).ShouldHaveSingleItem().ShouldContain("log.file: /proc/nowhere/edge.log cannot be written: ");
    }

    [Fact]
    public async Task A_password_from_standard_input_becomes_a_hash_that_knows_it()
    {
        using var passwd = EdgeProcess.Start(["passwd", "--iterations", "1000"]);
        passwd.Type("Grüße, Welt!\r\nnever read\n");

        (await passwd.EndAsync()).ShouldBe(0, passwd.Errors);

        var hash = PasswordHash.Parse(passwd.Output.TrimEnd('\n')).ShouldNotBeNull();
        hash.Iterations.ShouldBe(1000);
        hash.Verify(Encoding.UTF8.GetBytes("Grüße, Welt!")).ShouldBeTrue();
        passwd.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_a_user_name_a_whole_file_is_printed_that_can_be_dropped_in()
    {
        using var passwd = EdgeProcess.Start(["passwd", "al\"ice", "--iterations", "1"]);
        passwd.Type("secret\n");
        (await passwd.EndAsync()).ShouldBe(0, passwd.Errors);

        using var folder = new Configuration.ConfigurationFolder();
        var user = folder.With("kuzzlerc.d/alice.json", passwd.Output).Read().MqttAccess.Users.ShouldHaveSingleItem();

        user.Key.ShouldBe("al\"ice");
        user.Value.Password.ShouldNotBeNull().Verify("secret"u8).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "the password is empty", "passwd")]
    [InlineData("\n", "the password is empty", "passwd")]
    [InlineData("x\n", "--iterations must be a whole number from 1 to 10000000.", "passwd", "--iterations", "0")]
    [InlineData("x\n", "--iterations must be a whole number from 1 to 10000000.", "passwd", "--iterations", "many")]
    public async Task A_password_that_cannot_be_hashed_is_one_line(string typed, string fault, params string[] arguments)
    {
        using var passwd = EdgeProcess.Start(arguments);
        passwd.Type(typed);

        (await passwd.EndAsync()).ShouldBe(64);

        passwd.Output.ShouldBeEmpty();
        Lines(passwd.Errors).ShouldHaveSingleItem().ShouldContain(fault);
    }

    private static async Task<TcpClient> ConnectAsync(string port, string sent)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(sent));
        return client;
    }

    private static async Task<string> NextOtherThanAsync(NotifySocket socket, string passed)
    {
        string state;
        do
        {
            state = await socket.ReceiveAsync();
        }
        while (state == passed);

        return state;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Configuration(Action<JsonObject>? change = null)
    {
        var file = new JsonObject
        {
            ["server"] = new JsonObject
            {
                ["host"] = "127.0.0.1",
                ["port"] = 0,
                ["protocols"] = new JsonObject
                {
                    ["mqtt"] = new JsonObject { ["server"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = 0 } },
                },
            },
            ["storage"] = new JsonObject { ["path"] = Data },
        };
        change?.Invoke(file);
        var path = Path.Combine(_directory, "kuzzlerc");
        File.WriteAllText(path, file.ToJsonString());
        return path;
    }

    [GeneratedRegex(@"MQTT 127\.0\.0\.1:(?<mqtt>\d+) .*WebSocket 127\.0\.0\.1:(?<http>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadyPorts();
}
