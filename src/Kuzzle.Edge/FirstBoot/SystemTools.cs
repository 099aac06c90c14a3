using System.ComponentModel;
using System.Diagnostics;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>Runs the programs of this machine.</summary>
internal sealed class SystemTools : ISystemTools
{
    /// <summary>A box must come up whatever a tool does; none of them takes a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string? Run(string program, IReadOnlyList<string> arguments, string input = "")
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true })!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return $"did not end within {Patience.TotalSeconds:0} s";
            }

            // Read after the end: it is a line or two, which the pipe holds.
            return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}: {process.StandardError.ReadToEnd().Trim()}";
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            return exception.Message;
        }
    }
}
