namespace Kuzzle.Edge.Backups;

/// <summary>A backup cannot be made or restored; the message says why, for the operator.</summary>
internal sealed class BackupException(ExitCode code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>How the process ends for it.</summary>
    public ExitCode Code { get; } = code;
}
