using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Rules;

/// <summary>One link ends, and another begins on the same store with another upstream, or another name there.</summary>
public sealed class ChangedUpstreamTests
{
    private static readonly CollectionName Tasks = new("plant", "tasks");

    [Theory]
    [InlineData(ConflictPolicy.Cloud)]
    [InlineData(ConflictPolicy.Newest)]
    public async Task Another_upstream_gets_all_and_takes_nothing_away(ConflictPolicy policy)
    {
        await using var pair = await CreateAsync(new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Both, Conflict = policy });
        await using var second = await TestGateway.StartAsync();

        await using var link = pair.LinkAgain(pair.Options with { Url = new Uri($"ws://127.0.0.1:{second.Port}") });
        link.Start();
        await pair.UntilAsync(async () => pair.Edge.Store.Outbox.Totals.Entries == 0 && (await second.DocumentsAsync("plant", "tasks")).Count > 0);

        (await second.DocumentsAsync("plant", "tasks")).Count.ShouldBe(10);
        (await pair.Edge.DocumentsAsync("plant", "tasks")).Count.ShouldBe(10);
        (await pair.Edge.Store.Outbox.CountMarksAsync(Tasks, CancellationToken.None)).ShouldBe(10);
    }

    [Fact]
    public async Task Another_name_gets_all_and_takes_nothing_away()
    {
        var rule = new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Both, Conflict = ConflictPolicy.Cloud };
        await using var pair = await CreateAsync(rule);

        await using var link = pair.LinkAgain(pair.Options with { Rules = new SyncRules([rule with { Target = CollectionPattern.Parse("works/*") }]) });
        link.Start();
        await pair.UntilAsync(async () => pair.Edge.Store.Outbox.Totals.Entries == 0 && (await pair.Cloud.DocumentsAsync("works", "tasks")).Count > 0);

        (await pair.Cloud.DocumentsAsync("works", "tasks")).Count.ShouldBe(10);
        (await pair.Edge.DocumentsAsync("plant", "tasks")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Another_upstream_that_has_the_collection_and_is_only_listened_to_takes_nothing_away()
    {
        var rule = new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Both };
        await using var pair = await CreateAsync(rule);
        await using var second = await TestGateway.StartAsync();
        await EdgeAndCloud.CreateCollectionAsync(second);
        await EdgeAndCloud.PutAsync(second, "new", "1");
        await EdgeAndCloud.PutAsync(second, "d3", "of the second");

        await using var link = pair.LinkAgain(pair.Options with { Url = new Uri($"ws://127.0.0.1:{second.Port}"), Rules = new SyncRules([rule with { Direction = SyncDirection.Down }]) });
        link.Start();
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")) is var documents && documents.ContainsKey("new"));
        await link.ResyncAsync(Tasks, CancellationToken.None);
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks"))["d3"].Contains("of the second", StringComparison.Ordinal));

        (await pair.Edge.DocumentsAsync("plant", "tasks")).Count.ShouldBe(11);
    }

    [Fact]
    public async Task With_the_same_names_written_otherwise_or_another_filter_what_is_known_stays()
    {
        var rule = new SyncRule { Match = CollectionPattern.Parse("plant/*"), Filter = FilterOf("""{"exists":{"field":"text"} }""") };
        await using var pair = await CreateAsync(rule);

        await using var link = pair.LinkAgain(pair.Options with
        {
            Rules = new SyncRules([rule with { Match = CollectionPattern.Parse("*/tasks"), Target = CollectionPattern.Parse("*/tasks"), Filter = FilterOf("""{"equals":{"text":"2"} }""") }]),
        });
        link.Start();

        // What does not match any more is deleted there, because it is known to be there.
        await pair.UntilAsync(async () => (await pair.Cloud.DocumentsAsync("plant", "tasks")).Count == 1);
        (await pair.Edge.DocumentsAsync("plant", "tasks")).Count.ShouldBe(10);
    }

    /// <summary>Ten documents are on both sides, and the link has ended.</summary>
    private static async Task<EdgeAndCloud> CreateAsync(SyncRule rule)
    {
        var pair = await EdgeAndCloud.CreateAsync(rule, adjust: static options => options with { BatchSize = 2 });
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        for (var n = 0; n < 10; n++) await EdgeAndCloud.PutAsync(pair.Edge, $"d{n}", n == 0 ? "2" : "1");
        pair.Link.Start();
        await pair.EqualAsync();
        (await pair.Edge.Store.Outbox.CountMarksAsync(Tasks, CancellationToken.None)).ShouldBe(10);
        await pair.Link.StopAsync();
        return pair;
    }

    private static DocumentFilter FilterOf(string filter)
    {
        DocumentFilter.TryParse(JsonElement.Parse(filter), out var parsed, out var refusal).ShouldBeTrue(refusal);
        return parsed!;
    }
}
