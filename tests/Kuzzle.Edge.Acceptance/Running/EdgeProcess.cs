using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Acceptance.Running;

/// <summary>
/// One gateway as a process of its own, with its own folder and ports, that can be stopped, killed and started again on the same data.
/// </summary>
internal sealed class EdgeProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, byte> GivenPorts = new();
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _output = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("kuzzle-edge-").FullName;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private Process? _process;

    public EdgeProcess(Action<JsonObject>? configure = null)
    {
        var configuration = new JsonObject
        {
            ["server"] = new JsonObject
            {
                ["host"] = "127.0.0.1",
                ["port"] = HttpPort,
                ["protocols"] = new JsonObject
                {
                    ["mqtt"] = new JsonObject
                    {
                        ["server"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = MqttPort },
                        ["listeners"] = new JsonArray(new JsonObject
                        {
                            ["host"] = "127.0.0.1",
                            ["port"] = OpenPort,
                            ["profile"] = "open",
                            ["allowAnonymous"] = true,
                        }),
                    },
                },
            },
            ["security"] = new JsonObject { ["freshRights"] = "open" },
            ["storage"] = new JsonObject { ["path"] = Path.Combine(_directory, "data") },
        };
        configure?.Invoke(configuration);
        File.WriteAllText(ConfigurationFile, configuration.ToJsonString());
    }

    /// <summary>The port of the Kuzzle MQTT listener.</summary>
    public int MqttPort { get; } = FreePort();

    /// <summary>The port of a plain MQTT listener.</summary>
    public int OpenPort { get; } = FreePort();

    /// <summary>The port of HTTP and WebSocket.</summary>
    public int HttpPort { get; } = FreePort();

    public string ConfigurationFile => Path.Combine(_directory, "kuzzlerc");

    /// <summary>All that the process has written, for the message of a failing test.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public int ProcessId => Running.Id;

    private Process Running => _process ?? throw new InvalidOperationException("The gateway is not running.");

    /// <summary>Sets an environment variable of the process, before it is started.</summary>
    public EdgeProcess With(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    /// <summary>Starts the process and waits until all its ports accept connections.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(RepositoryLayout.Binary)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        };
        start.ArgumentList.Add("run");
        start.ArgumentList.Add("--config");
        start.ArgumentList.Add(ConfigurationFile);
        foreach (var (name, value) in _environment) start.Environment[name] = value;

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        foreach (var port in (int[])[MqttPort, OpenPort, HttpPort])
        {
            await Eventually.TrueAsync(() => AcceptsAsync(port), StartLimit, () => $"Nothing listens on port {port}. The gateway says:\n{Output}");
        }
    }

    /// <summary>Changes the configuration, sends SIGHUP, and waits until the process says that it has read it.</summary>
    public async Task ReconfigureAsync(Action<JsonObject> change)
    {
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(ConfigurationFile))!.AsObject();
        change(configuration);
        await File.WriteAllTextAsync(ConfigurationFile, configuration.ToJsonString());
        var before = Output.Length;
        kill(Running.Id, 1).ShouldBe(0);
        await Eventually.TrueAsync(
            () => Task.FromResult(Output.IndexOf("The configuration was read again", before, StringComparison.Ordinal) >= 0),
            StartLimit,
            () => $"It did not read its configuration again:\n{Output}");
    }

    /// <summary>As a power cut would: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await Running.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as systemd stops a service. Answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        kill(Running.Id, 15).ShouldBe(0);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Running.WaitForExitAsync(limit.Token);
        return Running.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Remember(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }

    private async Task<bool> AcceptsAsync(int port)
    {
        if (Running.HasExited) throw new InvalidOperationException($"The gateway ended with exit code {Running.ExitCode}:\n{Output}");

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false; // Not listening yet.
        }
    }

    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (GivenPorts.TryAdd(port, 0)) return port; // The system may give one again as soon as nobody listens on it.
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
