namespace Kuzzle.Edge.FirstBoot;

/// <summary>The programs of the system that know what files alone do not.</summary>
internal interface ISystemTools
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">What it is told; no secrets, for everybody can see them.</param>
    /// <param name="input">What it reads.</param>
    /// <returns>What it complained about; null when it did what it was told.</returns>
    string? Run(string program, IReadOnlyList<string> arguments, string input = "");
}
