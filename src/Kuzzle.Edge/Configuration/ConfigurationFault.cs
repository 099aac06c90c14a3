namespace Kuzzle.Edge.Configuration;

/// <summary>One thing that is wrong with the configuration, in words that say how to mend it.</summary>
internal sealed record ConfigurationFault(Origin Origin, string Message)
{
    /// <summary>One line for the operator.</summary>
    public override string ToString() => $"{Origin}: {Message}";
}
