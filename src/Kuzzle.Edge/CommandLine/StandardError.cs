namespace Kuzzle.Edge.CommandLine;

/// <summary>What the operator must know when the process ends: one line each.</summary>
internal static class StandardError
{
    /// <summary>Writes the line; in systemd's journal it is an error. Answers how the process ends.</summary>
    public static int Write(ExitCode code, string message)
    {
        // A client's text or a path may hold line breaks; the promise is one line.
        var priority = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 } ? "<3>" : "";
        Console.Error.WriteLine($"{priority}kuzzle-edge: {message.ReplaceLineEndings(" ")} [exit {(int)code}]");
        return (int)code;
    }
}
