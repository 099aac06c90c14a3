using System.Globalization;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Chaos;

public sealed class ChaosTests
{
    private const int Writes = 60;

    /// <summary>Ten here; more by KUZZLE_EDGE_CHAOS_ROUNDS, from the seed KUZZLE_EDGE_CHAOS_SEED on.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            var first = NumberIn("KUZZLE_EDGE_CHAOS_SEED") ?? 1;
            return [.. Enumerable.Range(first, NumberIn("KUZZLE_EDGE_CHAOS_ROUNDS") ?? 10)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_line_does_both_sides_hold_the_same_in_the_end(int seed)
    {
        ChaosProxy? proxy = null;
        await using var pair = await EdgeAndCloud.CreateAsync(
            new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Both },
            port => (proxy = new ChaosProxy(port, seed)).Port);
        await using var line = proxy!;
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        pair.Link.Start();

        await Task.WhenAll(WriteAsync(pair.Edge, "e", new Random(seed)), WriteAsync(pair.Cloud, "c", new Random(-seed)));
        line.CalmDown();
        await pair.EqualAsync();

        var backlog = await pair.Edge.Store.Outbox.MeasureAsync(CancellationToken.None);
        backlog.Parked.ShouldBe(0, $"seed {seed}");
        (await pair.Cloud.DocumentsAsync("plant", "tasks")).Keys.Where(id => id.StartsWith("only-", StringComparison.Ordinal)).Count().ShouldBe(2 * (Writes / 10), $"seed {seed}");
    }

    /// <summary>Some documents that both sides change and delete, and some that only this side makes: of those none may be missing, or twice.</summary>
    private static async Task WriteAsync(TestGateway gateway, string side, Random random)
    {
        for (var n = 0; n < Writes; n++)
        {
            var id = $"shared-{random.Next(12)}";
            if (n % 10 == 0) await EdgeAndCloud.PutAsync(gateway, $"only-{side}{n}", "once", n + 1);
            else if (random.Next(4) == 0) await EdgeAndCloud.DeleteAsync(gateway, id);
            else await EdgeAndCloud.PutAsync(gateway, id, $"{side}{n}", (10 * n) + random.Next(10));
            await Task.Delay(random.Next(15));
        }
    }

    private static int? NumberIn(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
