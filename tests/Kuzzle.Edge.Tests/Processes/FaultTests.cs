using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Tests.Systemd;

namespace Kuzzle.Edge.Tests.Processes;

/// <summary>The process, and disks that are full, read-only, damaged or somebody else's.</summary>
public sealed partial class FaultTests : IDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _directory = Directory.CreateTempSubdirectory("kuzzle-edge-fault-").FullName;
    private readonly HttpClient _http = new();

    private string Data => Path.Combine(_directory, "data");

    private string Runtime => Directory.CreateDirectory(Path.Combine(_directory, "run")).FullName;

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("documents.db")]
    [InlineData("broker.db")]
    public async Task A_damaged_database_is_set_aside_and_the_box_serves_with_an_alarm_until_somebody_has_seen_to_it(string name)
    {
        var garbage = Enumerable.Repeat((byte)'x', 8192).ToArray();
        Directory.CreateDirectory(Data);
        await File.WriteAllBytesAsync(Path.Combine(Data, name), garbage);

        using var edge = EdgeProcess.Start(["run", "--config", Configuration()], ("RUNTIME_DIRECTORY", Runtime));
        await edge.ReadyAsync();

        var kept = DamagedFiles.In(Data).ShouldHaveSingleItem();
        (await File.ReadAllBytesAsync(kept.Path)).ShouldBe(garbage);
        edge.Output.ShouldContain($"{Path.Combine(Data, name)} is damaged");
        var url = UrlOf(edge);
        await UntilAsync(async () => (await AskAsync(url, "edge/system", "health")).GetProperty("result").GetProperty("status").ValueEquals("red"));
        (await StatusAsync()).ShouldContain($"ALARM ({Path.GetFileName(kept.Path)}, since ");
        (await AskAsync(url, "index", "create", "\"index\":\"plant\"")).GetProperty("status").GetInt32().ShouldBe(200);

        File.Delete(kept.Path);
        await UntilAsync(async () => !(await AskAsync(url, "edge/system", "health")).GetRawText().Contains(kept.Name, StringComparison.Ordinal));
        edge.Signal(Terminate);
        (await edge.EndAsync()).ShouldBe(0, edge.Output + edge.Errors);
    }

    [Fact]
    public async Task Under_a_service_manager_a_box_whose_data_cannot_be_used_says_so_and_serves_when_they_can()
    {
        await File.WriteAllTextAsync(Data, "a file where the folder should be");
        using var socket = NotifySocket.InAbstractNamespace();
        using var edge = EdgeProcess.Start(
            ["run", "--config", Configuration(port: 17_512)], ("NOTIFY_SOCKET", socket.Name), ("WATCHDOG_USEC", "4000000"), ("RUNTIME_DIRECTORY", Runtime));
        var url = new Uri("http://127.0.0.1:17512/");

        (await socket.ReceiveAsync()).ShouldStartWith($"READY=1\nSTATUS=Out of order: The storage directory {Data} cannot be created");
        using (var refused = await _http.GetAsync(new Uri(url, "_healthCheck")))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            var error = JsonElement.Parse(await refused.Content.ReadAsByteArrayAsync()).GetProperty("error");
            error.GetProperty("id").GetString().ShouldBe("core.fatal.service_unavailable");
            error.GetProperty("message").GetString()!.ShouldContain(Data);
        }

        (await StatusAsync()).ShouldStartWith("OUT OF ORDER: The storage directory");
        (await socket.ReceiveAsync()).ShouldBe("WATCHDOG=1", "it lives, though it does not serve");

        File.Delete(Data);

        await edge.ReadyAsync();
        (await AskAsync(url, "server", "now")).GetProperty("status").GetInt32().ShouldBe(200);
        (await StatusAsync()).ShouldStartWith("serves: ");
        edge.Signal(Terminate);
        (await edge.EndAsync()).ShouldBe(0, edge.Output + edge.Errors);
    }

    [Fact]
    public async Task And_can_be_stopped_while_it_waits()
    {
        await File.WriteAllTextAsync(Data, "a file where the folder should be");
        using var socket = NotifySocket.InAbstractNamespace();
        using var edge = EdgeProcess.Start(["run", "--config", Configuration()], ("NOTIFY_SOCKET", socket.Name));
        (await socket.ReceiveAsync()).ShouldContain("Out of order");

        edge.Signal(Terminate);

        (await edge.EndAsync()).ShouldBe(0, edge.Output + edge.Errors);
    }

    [RootFact]
    public async Task A_full_disk_refuses_writes_with_its_cause_and_takes_them_again_when_there_is_room()
    {
        Directory.CreateDirectory(Data);
        using var edge = EdgeProcess.StartBehind($"mount -t tmpfs -o size=6m tmpfs {Data}; exec \"$@\"", ["run", "--config", Configuration()], ("RUNTIME_DIRECTORY", Runtime));
        await edge.ReadyAsync();
        var url = UrlOf(edge);
        await AskAsync(url, "index", "create", "\"index\":\"plant\"");
        await AskAsync(url, "collection", "create", "\"index\":\"plant\",\"collection\":\"log\"");
        await AskAsync(url, "edge/system", "info"); // Whatever the first of its kind writes is written.

        var stored = 0;
        JsonElement answer;
        var text = new string('x', 20_000);
        while ((answer = await WriteAsync(url, stored, text)).GetProperty("status").GetInt32() == 200) stored++;

        answer.GetProperty("status").GetInt32().ShouldBe(507);
        answer.GetProperty("error").GetProperty("message").GetString().ShouldBe($"The storage failed: The disk that holds {Data}/documents.db is full.");
        stored.ShouldBeGreaterThan(50);
        (await AskAsync(url, "document", "get", "\"index\":\"plant\",\"collection\":\"log\",\"_id\":\"d0\"")).GetProperty("status").GetInt32().ShouldBe(200, "what is there can be read");
        await UntilAsync(async () => (await StatusAsync()).Contains("ALARM (storage", StringComparison.Ordinal));
        (await AskAsync(url, "server", "healthCheck")).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("is full");

        await MountAsync(edge, $"mount -o remount,size=32m {Data}");

        await UntilAsync(async () => !(await StatusAsync()).Contains("ALARM (storage", StringComparison.Ordinal)); // Nobody writes: it has tried by itself.
        (await WriteAsync(url, stored, text)).GetProperty("status").GetInt32().ShouldBe(200);
        (await AskAsync(url, "document", "count", "\"index\":\"plant\",\"collection\":\"log\"")).GetProperty("result").GetProperty("count").GetInt32().ShouldBe(stored + 1);
        edge.Signal(Terminate);
        (await edge.EndAsync()).ShouldBe(0, edge.Output + edge.Errors);
    }

    [RootFact]
    public async Task A_read_only_disk_at_the_start_is_told_and_served_from_when_it_can_be_written()
    {
        Directory.CreateDirectory(Data);
        using (var before = EdgeProcess.Start(["run", "--config", Configuration()]))
        {
            await before.ReadyAsync();
            (await AskAsync(UrlOf(before), "index", "create", "\"index\":\"plant\"")).GetProperty("status").GetInt32().ShouldBe(200);
            before.Signal(Terminate);
            (await before.EndAsync()).ShouldBe(0);
        }

        using var socket = NotifySocket.InAbstractNamespace();
        using var edge = EdgeProcess.StartBehind(
            $"mount --bind {Data} {Data}; mount -o remount,bind,ro {Data}; exec \"$@\"", ["run", "--config", Configuration()], ("NOTIFY_SOCKET", socket.Name), ("RUNTIME_DIRECTORY", Runtime));
        (await socket.ReceiveAsync()).ShouldStartWith($"READY=1\nSTATUS=Out of order: The storage directory {Data} cannot be written: ");

        await MountAsync(edge, $"mount -o remount,bind,rw {Data}");

        await edge.ReadyAsync();
        (await AskAsync(UrlOf(edge), "index", "list")).GetProperty("result").GetRawText().ShouldContain("plant");
        edge.Signal(Terminate);
        (await edge.EndAsync()).ShouldBe(0, edge.Output + edge.Errors);
    }

    [RootFact]
    public async Task Files_of_another_user_are_named_and_not_taken_for_damage()
    {
        Directory.CreateDirectory(Data);
        using (var before = EdgeProcess.Start(["run", "--config", Configuration()]))
        {
            await before.ReadyAsync();
            before.Signal(Terminate);
            (await before.EndAsync()).ShouldBe(0);
        }

        // As somebody who owns the folder but not the file in it. The program is where he can reach it.
        var program = Path.Combine(_directory, "program");
        using var edge = EdgeProcess.StartBehind(
            $"mkdir {program}; mount --bind {Path.GetDirectoryName(Repository.Executable)} {program}; chmod 755 {_directory}; chown 65534:65534 {Data}; chown 65534 {Data}/*lock; chmod 600 {Data}/documents.db; "
            + $"shift; exec setpriv --reuid=65534 --regid=65534 --clear-groups {program}/kuzzle-edge \"$@\"",
            ["run", "--config", Configuration()]);

        (await edge.EndAsync()).ShouldBe((int)ExitCode.DataUnwritable, edge.Output + edge.Errors);
        edge.Errors.ShouldContain($"{Data}/documents.db cannot be opened by this user");
        DamagedFiles.In(Data).ShouldBeEmpty();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(250), limit.Token);
    }

    private static async Task MountAsync(EdgeProcess edge, string command)
    {
        using var mount = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/usr/bin/nsenter", ["--target", edge.Id.ToString(CultureInfo.InvariantCulture), "--mount", "sh", "-ec", command]) { UseShellExecute = false })!;
        await mount.WaitForExitAsync();
        mount.ExitCode.ShouldBe(0);
    }

    private static Uri UrlOf(EdgeProcess edge) => new($"http://127.0.0.1:{HttpPort().Match(edge.Output).Groups["port"].Value}/");

    private Task<JsonElement> WriteAsync(Uri url, int number, string text) =>
        AskAsync(url, "document", "create", $$"""
            "index":"plant","collection":"log","_id":"d{{number}}","body":{"text":"{{text}}"}
            """);

    private async Task<JsonElement> AskAsync(Uri url, string controller, string action, string members = "")
    {
        var more = members.Length == 0 ? "" : $",{members}";
        using var body = new StringContent($$"""{"controller":"{{controller}}","action":"{{action}}"{{more}}}""", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(url, "_query"), body);
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
    }

    private async Task<string> StatusAsync() => (await EdgeProcess.RunAsync("status", "--folder", Runtime)).Output;

    private string Configuration(int port = 0)
    {
        var path = Path.Combine(_directory, "kuzzlerc");
        File.WriteAllText(path, new JsonObject
        {
            ["security"] = new JsonObject { ["freshRights"] = "open" },
            ["server"] = new JsonObject
            {
                ["host"] = "127.0.0.1",
                ["port"] = port,
                ["protocols"] = new JsonObject { ["mqtt"] = new JsonObject { ["server"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = 0 } } },
            },
            ["storage"] = new JsonObject { ["path"] = Data, ["diskReserve"] = 0 },
        }.ToJsonString());
        return path;
    }

    [GeneratedRegex(@"WebSocket 127\.0\.0\.1:(?<port>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HttpPort();
}
