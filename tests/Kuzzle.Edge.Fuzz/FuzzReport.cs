using System.Globalization;

namespace Kuzzle.Edge.Fuzz;

/// <summary>What a run has done.</summary>
/// <param name="Target">What was fed.</param>
/// <param name="Seed">From which the whole input follows.</param>
/// <param name="Packets">How many packets were fed.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Details">Counts that show that the input was worth it.</param>
internal sealed record FuzzReport(string Target, int Seed, long Packets, TimeSpan Elapsed, string Details)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target}: seed {Seed}, {Packets:N0} packets in {Elapsed.TotalSeconds:0.0} s, {Packets / Elapsed.TotalSeconds:N0} a second; {Details}");
}
