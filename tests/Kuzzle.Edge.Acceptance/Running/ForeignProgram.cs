using System.Diagnostics;

namespace Kuzzle.Edge.Acceptance.Running;

/// <summary>A program that this project did not write, run to its end or until it has said enough.</summary>
internal sealed class ForeignProgram : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _limit = new(Limit);

    private ForeignProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static ForeignProgram Start(string program, IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryLayout.Clients,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ForeignProgram(Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started."));
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        await using var running = Start(program, arguments, environment);
        var output = await running._process.StandardOutput.ReadToEndAsync(running._limit.Token);
        await running._process.WaitForExitAsync(running._limit.Token);
        return (running._process.ExitCode, output + await running._errors);
    }

    /// <summary>Types a line.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Nothing more will be typed.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>The next line it prints; fails when it ends first.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(_limit.Token) ?? throw new InvalidOperationException($"It ended first: {await _errors}");

    /// <summary>The lines that it prints within a time, to be asked for at last.</summary>
    public async Task<List<string>> ReadLinesAsync(TimeSpan within)
    {
        var lines = new List<string>();
        using var limit = new CancellationTokenSource(within);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line) lines.Add(line);
        }
        catch (OperationCanceledException)
        {
            // The time is over, as is to be expected.
        }

        return lines;
    }

    /// <summary>All that it still prints, on both outputs, until it ends by itself or its connection is closed.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(_limit.Token);
        return output + await _errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _limit.Dispose();
    }
}
