using System.Globalization;
using Xunit;

namespace Kuzzle.Edge.Testing.Lines;

/// <summary>The seeds of a chaos test: a few, or KUZZLE_EDGE_CHAOS_ROUNDS of them, from KUZZLE_EDGE_CHAOS_SEED on.</summary>
public static class ChaosRounds
{
    public static TheoryData<int> Seeds(int rounds) => [.. Enumerable.Range(NumberIn("KUZZLE_EDGE_CHAOS_SEED") ?? 1, NumberIn("KUZZLE_EDGE_CHAOS_ROUNDS") ?? rounds)];

    private static int? NumberIn(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
