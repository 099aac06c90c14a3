using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>Debian's RabbitMQ with its MQTT plugin, as a node of its own on loopback, that keeps its queues on the disk and can be killed and started again.</summary>
internal sealed class RabbitMq : IAsyncDisposable
{
    public const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rabbitmq");
    private readonly Dictionary<string, string> _environment;
    private readonly int _namesPort = FreePort();
    private Process? _shell;

    public RabbitMq()
    {
        Port = FreePort();
        File.WriteAllText(
            In("rabbitmq.conf"),
            FormattableString.Invariant(
                $"""
                 listeners.tcp.1 = 127.0.0.1:{FreePort()}
                 mqtt.listeners.tcp.1 = 127.0.0.1:{Port}
                 mqtt.allow_anonymous = true
                 mqtt.default_user = guest
                 mqtt.default_pass = guest

                 """));
        File.WriteAllText(In("plugins"), "[rabbitmq_mqtt].");
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _directory.FullName,
            ["RABBITMQ_NODENAME"] = $"bridge{Port}@localhost",
            ["RABBITMQ_MNESIA_BASE"] = In("data"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("plugins"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
            ["RABBITMQ_PID_FILE"] = In("pid"),
            ["RABBITMQ_DIST_PORT"] = FreePort().ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_PORT"] = _namesPort.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        };
    }

    public int Port { get; }

    public async Task StartAsync()
    {
        File.Delete(In("pid"));
        _shell = Process.Start(Command(Program));
        _shell!.BeginErrorReadLine();
        _shell.BeginOutputReadLine();
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await AcceptsAsync(limit.Token)) await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
    }

    /// <summary>SIGKILL for the node, which is a child of its shell.</summary>
    public async Task KillAsync()
    {
        if (_shell is null) return;

        using (var node = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(In("pid")), CultureInfo.InvariantCulture)))
        {
            node.Kill();
            await node.WaitForExitAsync();
        }

        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _shell = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();

        // The daemon that tells nodes where others are outlives the node.
        using var names = Process.Start(Command("/usr/bin/epmd", "-port", _namesPort.ToString(CultureInfo.InvariantCulture), "-kill"));
        await names!.WaitForExitAsync();
        _directory.Delete(recursive: true);
    }

    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        return start;
    }

    private async Task<bool> AcceptsAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string In(string name) => Path.Combine(_directory.FullName, name);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
