using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Testing.Lines;

namespace Kuzzle.Edge.Sync.Tests.Chaos;

public sealed class ChaosTests
{
    private const int Writes = 60;
    private const int Contested = 4;

    public static TheoryData<int> Seeds => ChaosRounds.Seeds(10);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_line_does_both_sides_hold_the_same_in_the_end(int seed)
    {
        var policies = Enum.GetValues<ConflictPolicy>();
        var policy = policies[seed % policies.Length];
        var told = $"seed {seed}, {policy}";
        ChaosProxy? proxy = null;
        await using var pair = await EdgeAndCloud.CreateAsync(
            new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Both, Conflict = policy },
            port => (proxy = new ChaosProxy(port, seed)).Port);
        await using var line = proxy!;
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        pair.Link.Start();
        await Task.WhenAll(WriteAsync(pair.Edge, "e", new Random(seed)), WriteAsync(pair.Cloud, "c", new Random(-seed)));

        await ContestAsync(pair, new Random(seed));
        line.CalmDown();
        await pair.EqualAsync();

        (await pair.Edge.Store.Outbox.MeasureAsync(CancellationToken.None)).Parked.ShouldBe(0, told);
        var documents = await pair.Cloud.DocumentsAsync("plant", "tasks");
        documents.Keys.Count(id => id.StartsWith("only-", StringComparison.Ordinal)).ShouldBe(2 * (Writes / 10), told);
        for (var n = 0; n < Contested; n++)
        {
            // The cloud's versions are the newer ones.
            var expected = policy == ConflictPolicy.Edge ? "edge" : "cloud";
            documents[$"contested-{n}"].ShouldContain($"\"text\":\"{expected}\"", Case.Sensitive, told);
        }

        var aside = (await pair.Edge.DocumentsAsync("edge", "conflicts")).Values.Where(conflict => conflict.Contains("contested-", StringComparison.Ordinal)).ToList();
        aside.Count.ShouldBe(policy == ConflictPolicy.KeepBoth ? Contested : 0, told);
        aside.ShouldAllBe(conflict => conflict.Contains("\"text\":\"edge\"", StringComparison.Ordinal), told);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_only_goes_up_is_there_as_it_was_last_even_if_older_writes_come_late(int seed)
    {
        ChaosProxy? proxy = null;
        await using var pair = await EdgeAndCloud.CreateAsync(new SyncRule { Match = CollectionPattern.Parse("plant/*") }, port => (proxy = new ChaosProxy(port, seed)).Port);
        await using var line = proxy!;
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        pair.Link.Start();
        await WriteAsync(pair.Edge, "e", new Random(seed));

        line.CalmDown();
        await pair.UntilAsync(async () => await pair.Edge.Store.Outbox.CountAsync(CancellationToken.None) == 0);

        (await pair.Cloud.DocumentsAsync("plant", "tasks")).ShouldBe(await pair.Edge.DocumentsAsync("plant", "tasks"), $"seed {seed}: {string.Join(' ', line.Met)}");
    }

    /// <summary>Both sides write the same documents while neither knows of the other.</summary>
    private static async Task ContestAsync(EdgeAndCloud pair, Random random)
    {
        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);
        for (var n = 0; n < Contested; n++)
        {
            var changedAt = 1_000_000 + random.Next(1000);
            await EdgeAndCloud.PutAsync(pair.Edge, $"contested-{n}", "edge", changedAt);
            await EdgeAndCloud.PutAsync(pair.Cloud, $"contested-{n}", "cloud", changedAt + 1);
        }

        await pair.Link.ResumeAsync(CancellationToken.None);
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
}
