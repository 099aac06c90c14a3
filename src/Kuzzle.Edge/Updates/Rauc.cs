using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kuzzle.Edge.Updates;

/// <summary>
/// The program that installs updates on the appliance's image. It is asked by its command line, without a shell; what it does needs more rights than this process has,
/// and is done by its own service.
/// </summary>
/// <param name="program">Where it is.</param>
internal sealed partial class Rauc(string program)
{
    private const string Program = "/usr/bin/rauc";
    private const string Configuration = "/etc/rauc/system.conf";

    /// <summary>Where the slot stands that an update has been written to and that has not proven itself: the image's own scripts keep it.</summary>
    private const string TrialFile = "/data/rauc/trial";

    /// <summary>What became of the last update that did not prove itself.</summary>
    private const string RolledBackFile = "/data/rauc/rolled-back";

    /// <summary>Which slot the boot loader has passed over though it had proven itself.</summary>
    private const string PassedOverFile = "/data/rauc/passed-over";

    private const string LastError = "LastError:";

    /// <summary>A status is some kilobytes. More is not read.</summary>
    private const int MaxOutput = 256 * 1024;

    /// <summary>It, where the system is an image that it can update; null on any other system.</summary>
    public static Rauc? Installed() => File.Exists(Program) && File.Exists(Configuration) ? new Rauc(Program) : null;

    /// <summary>The version that has not proven itself yet, with its slot; null when there is none.</summary>
    public static string? Trial => ReadNote(TrialFile);

    /// <summary>Which update was given up, and why; null when the last one was not.</summary>
    public static string? RolledBack => ReadNote(RolledBackFile);

    /// <summary>Which slot should run and does not, since when, and what comes of it; null when the right one runs.</summary>
    public static string? PassedOver => ReadNote(PassedOverFile);

    /// <summary>Ends the trial of a slot before its time. The image's script sees it and stops waiting.</summary>
    /// <param name="slot">The one that runs: an update that waits in the other one stays on trial.</param>
    /// <exception cref="UpdateException">This user may not.</exception>
    public static void EndTrial(string slot)
    {
        if (Trial?.StartsWith($"{slot} ", StringComparison.Ordinal) != true) return;

        try
        {
            File.Delete(TrialFile);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UpdateException(ExitCode.DataUnwritable, $"the slot is called good, but it is still on trial: root alone can end that ({exception.Message})", exception);
        }
    }

    /// <summary>How the slots are.</summary>
    public async Task<RaucStatus> StatusAsync(CancellationToken cancellationToken) =>
        RaucStatus.Read(Encoding.UTF8.GetBytes(await RunAsync(["status", "--detailed", "--output-format=json"], onLine: null, cancellationToken)));

    /// <summary>Verifies a bundle's signature and writes it to the slot that does not run.</summary>
    /// <param name="bundle">Its file.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends the waiting; what RAUC has begun it finishes.</param>
    /// <exception cref="UpdateException">It was refused or failed.</exception>
    public Task InstallAsync(string bundle, Action<UpdateProgress> progress, CancellationToken cancellationToken) => RunAsync(
        ["install", Path.GetFullPath(bundle)],
        line =>
        {
            if (ProgressLine().Match(line) is { Success: true } match)
            {
                progress(new UpdateProgress("installing", int.Parse(match.Groups["percent"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["what"].Value));
            }
        },
        cancellationToken);

    /// <summary>Tells the boot loader that the running slot is as it should be.</summary>
    public Task MarkGoodAsync(CancellationToken cancellationToken) => RunAsync(["status", "mark-good"], onLine: null, cancellationToken);

    /// <summary>Makes the other slot the one that is started next.</summary>
    public Task ActivateOtherAsync(CancellationToken cancellationToken) => RunAsync(["status", "mark-active", "other"], onLine: null, cancellationToken);

    [GeneratedRegex(@"^\s*(?<percent>\d{1,3})%\s+(?<what>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProgressLine();

    private static string? ReadNote(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<string> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start) ?? throw new UpdateException(ExitCode.Unexpected, $"{program} cannot be started");
        process.StandardInput.Close();
        var said = ReadAsync(process.StandardOutput, onLine, cancellationToken);
        var complained = ReadAsync(process.StandardError, onLine: null, cancellationToken);
        var output = await said;
        var complaint = await complained;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode == 0) return output;

        throw new UpdateException(ExitCode.DataCorrupt, $"rauc {arguments[0]} failed: {Reason(output, complaint) ?? $"it ended with {process.ExitCode}"}");
    }

    /// <summary>Why an installation was refused is among what it says of its progress; what it complains of is only that it failed.</summary>
    private static string? Reason(string output, string complaint)
    {
        if (Lines(output).LastOrDefault(line => line.StartsWith(LastError, StringComparison.Ordinal)) is { } last) return last[LastError.Length..].TrimStart();

        var complaints = Lines(complaint).TakeLast(3).ToList();
        return complaints.Count == 0 ? null : string.Join("; ", complaints);

        static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            onLine?.Invoke(line);
            if (output.Length + line.Length < MaxOutput) output.Append(line).Append('\n');
        }

        return output.ToString();
    }
}
