using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Testing;

/// <summary>A mosquitto that keeps its sessions on the disk and can be killed and started again.</summary>
public sealed class Mosquitto : IDisposable
{
    public const string Program = "/usr/sbin/mosquitto";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mosquitto");
    private Process? _process;

    /// <param name="setting">A line of its configuration.</param>
    public Mosquitto(string setting = "")
    {
        Port = FreePort();
        WebSocketPort = FreePort();
        File.WriteAllText(
            Path.Combine(_directory.FullName, "mosquitto.conf"),
            FormattableString.Invariant(
                $"""
                 user root
                 {setting}
                 allow_anonymous true
                 persistence true
                 persistence_location {_directory.FullName}/
                 autosave_interval 1
                 autosave_on_changes true
                 listener {Port} 127.0.0.1
                 listener {WebSocketPort} 127.0.0.1
                 protocol websockets

                 """));
    }

    public int Port { get; }

    public int WebSocketPort { get; }

    public void Start()
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", Path.Combine(_directory.FullName, "mosquitto.conf")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        });
        _process!.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>SIGTERM: it writes down what it has, and ends.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;

        _ = kill(_process.Id, 15);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGKILL. What it had acknowledged within the last second it may have forgotten: it writes its file now and then, not before it answers.</summary>
    public void Kill()
    {
        if (_process is null) return;

        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Kill();
        _directory.Delete(recursive: true);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
