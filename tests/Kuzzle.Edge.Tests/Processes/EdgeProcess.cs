using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Kuzzle.Edge.Tests.Processes;

/// <summary>The built executable with a folder of its own.</summary>
internal sealed class EdgeProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _lines = new(0);

    private EdgeProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Remember(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Remember(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public static EdgeProcess Start(IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        return Start(Repository.Executable, arguments, environment);
    }

    /// <summary>Starts it by way of a shell, in a file system of its own: the script mounts what it likes and ends with <c>exec "$@"</c>.</summary>
    public static EdgeProcess StartBehind(string script, IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment) =>
        Start("/usr/bin/unshare", ["--mount", "sh", "-ec", script, "sh", Repository.Executable, .. arguments], environment);

    private static EdgeProcess Start(string program, IEnumerable<string> arguments, ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("JOURNAL_STREAM");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new EdgeProcess(Process.Start(start) ?? throw new InvalidOperationException("The executable could not be started."));
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var code = await process.EndAsync();
        return (code, process.Output, process.Errors);
    }

    /// <summary>Completes when it says that it is ready.</summary>
    public async Task ReadyAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_ready.Task, ended, Task.Delay(Limit)) != _ready.Task)
        {
            throw new InvalidOperationException($"It did not become ready.\n{Output}\n{Errors}");
        }
    }

    /// <summary>Completes when a line with this text was logged.</summary>
    public async Task SaysAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!Output.Contains(text, StringComparison.Ordinal)) await _lines.WaitAsync(limit.Token);
    }

    /// <summary>Gives it something to read, and no more.</summary>
    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Close();
    }

    public void Signal(int signal) => kill(_process.Id, signal).ShouldBe(0);

    /// <summary>Waits for its end and answers the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _lines.Dispose();
    }

    private static string Text(StringBuilder lines)
    {
        lock (lines) return lines.ToString();
    }

    private void Remember(StringBuilder lines, string? line)
    {
        if (line is null) return;

        lock (lines) lines.Append(line).Append('\n');
        if (line.Contains("Ready after", StringComparison.Ordinal)) _ready.TrySetResult();
        _lines.Release();
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
