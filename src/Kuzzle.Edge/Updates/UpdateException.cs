namespace Kuzzle.Edge.Updates;

/// <summary>An update cannot be fetched or installed; the message says why, for the operator.</summary>
internal sealed class UpdateException(ExitCode code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>How the process ends for it.</summary>
    public ExitCode Code { get; } = code;
}
