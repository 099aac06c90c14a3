using System.Security.Cryptography;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>What only somebody who has the box before him knows.</summary>
internal static class ClaimCode
{
    /// <summary>Letters and digits that nobody takes for each other when reading them off a screen.</summary>
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>A new one: eight of 32 letters, 40 bits, which nobody guesses through a network.</summary>
    public static string Make()
    {
        var letters = RandomNumberGenerator.GetString(Alphabet, 8);
        return $"{letters[..4]}-{letters[4..]}";
    }
}
