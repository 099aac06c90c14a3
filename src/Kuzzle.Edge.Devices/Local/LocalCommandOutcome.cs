namespace Kuzzle.Edge.Devices.Local;

/// <summary>What a device of this process says to a command: done, or why not.</summary>
/// <param name="Error">Null when it was done; else a sentence for whoever sent it.</param>
public sealed record LocalCommandOutcome(string? Error)
{
    /// <summary>It was done.</summary>
    public static LocalCommandOutcome Done { get; } = new((string?)null);

    /// <summary>It was not done.</summary>
    /// <param name="error">Why: a sentence for whoever sent the command.</param>
    public static LocalCommandOutcome Failed(string error) => new(error);
}
