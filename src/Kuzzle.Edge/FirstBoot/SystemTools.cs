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
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var complaints = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return $"did not end within {Patience.TotalSeconds:0} s";
            }

            process.WaitForExit(); // Until both texts are read to their ends.
            return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}: {Complete(complaints)}{Complete(said)}".Trim();
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            return exception.Message;
        }
    }

    /// <summary>The process has ended, so what it said is there or nearly.</summary>
    private static string Complete(Task<string> text) => text.Wait(Patience) ? text.Result : "";
}
