using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Replicating;

public sealed class DownSyncTests
{
    [Fact]
    public async Task What_was_there_and_what_changes_comes_down_and_does_not_echo()
    {
        await using var pair = await CreateAsync(SyncDirection.Down);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        for (var n = 0; n < 250; n++) await EdgeAndCloud.PutAsync(pair.Cloud, $"d{n}", "first");

        pair.Link.Start();
        await pair.EqualAsync();
        await EdgeAndCloud.PutAsync(pair.Cloud, "d7", "second");
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "d8");
        await EdgeAndCloud.PutAsync(pair.Cloud, "new", "third");
        await pair.EqualAsync();

        (await pair.Edge.DocumentsAsync("plant", "tasks")).Count.ShouldBe(250);
        pair.Link.Status.Delivered.ShouldBe(0);
    }

    [Fact]
    public async Task Changes_of_both_sides_reach_the_other()
    {
        await using var pair = await CreateAsync(SyncDirection.Both);
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        await EdgeAndCloud.PutAsync(pair.Edge, "from-edge", "1");
        await EdgeAndCloud.PutAsync(pair.Cloud, "from-cloud", "1");

        pair.Link.Start();
        await pair.EqualAsync();
        await EdgeAndCloud.PutAsync(pair.Edge, "from-cloud", "2", changedAt: 2);
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "from-edge");
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 1);
        await pair.EqualAsync();

        (await pair.Cloud.DocumentsAsync("plant", "tasks")).ShouldHaveSingleItem().Value.ShouldContain("\"2\"");
    }

    [Fact]
    public async Task What_was_deleted_or_changed_upstream_meanwhile_is_found_at_the_next_connection()
    {
        await using var pair = await CreateAsync(SyncDirection.Both);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        foreach (var id in (string[])["a", "b", "c", "d"]) await EdgeAndCloud.PutAsync(pair.Cloud, id, "1");
        pair.Link.Start();
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 4);

        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "a");
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "d");
        await EdgeAndCloud.PutAsync(pair.Cloud, "b", "2", changedAt: 2);
        await pair.Link.ResumeAsync(CancellationToken.None);
        await pair.EqualAsync();

        (await pair.Edge.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task A_new_connection_searches_for_what_changed_and_leaves_deletions_to_the_next_comparison()
    {
        await using var pair = await EdgeAndCloud.CreateAsync(
            new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Down, CompareInterval = TimeSpan.FromHours(1) });
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        foreach (var id in (string[])["changes", "goes", "stays"]) await EdgeAndCloud.PutAsync(pair.Cloud, id, "1");
        pair.Link.Start();
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 3 && pair.Link.Status.State == LinkState.Online);
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync(InternalIndex.Name, "upstream")).TryGetValue("plant/tasks", out var note) && !note.Contains("\"comparedAt\":null", StringComparison.Ordinal));

        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "goes");
        await EdgeAndCloud.PutAsync(pair.Cloud, "changes", "2", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        await EdgeAndCloud.PutAsync(pair.Cloud, "new", "2", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        await pair.Link.ResumeAsync(CancellationToken.None);
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")) is { Count: 4 } documents && documents["changes"].Contains("\"2\"", StringComparison.Ordinal));
        (await pair.Edge.DocumentsAsync("plant", "tasks")).Keys.ShouldContain("goes");

        await pair.Link.ResyncAsync(new CollectionName("plant", "tasks"), CancellationToken.None);
        await pair.EqualAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"exists":{"field":"text"} }""")]
    public async Task What_was_deleted_while_nobody_told_of_it_is_seen_soon_after_the_reconnection(string filter)
    {
        var rule = new SyncRule
        {
            Match = CollectionPattern.Parse("plant/*"),
            Direction = SyncDirection.Both,
            CompareInterval = TimeSpan.FromHours(1),
            Filter = FilterOf(filter),
        };
        await using var pair = await EdgeAndCloud.CreateAsync(rule, adjust: static options => options with { CompareDelay = TimeSpan.FromSeconds(1) });
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        await EdgeAndCloud.PutAsync(pair.Cloud, "goes", "1");
        await EdgeAndCloud.PutAsync(pair.Edge, "stays", "1");
        pair.Link.Start();
        await pair.UntilAsync(async () => (await pair.Cloud.DocumentsAsync("plant", "tasks")).Count == 2 && (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 2);
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync(InternalIndex.Name, "upstream")).TryGetValue("plant/tasks", out var note) && !note.Contains("\"comparedAt\":null", StringComparison.Ordinal));

        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "goes");
        await pair.Link.ResumeAsync(CancellationToken.None);
        await pair.EqualAsync();

        (await pair.Edge.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["stays"]);
    }

    [Fact]
    public async Task What_is_changed_here_where_documents_only_come_down_becomes_as_it_is_there()
    {
        await using var pair = await EdgeAndCloud.CreateAsync(
            new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Down, CompareInterval = TimeSpan.FromHours(1) });
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        foreach (var id in (string[])["changed", "deleted", "gone", "same"]) await EdgeAndCloud.PutAsync(pair.Cloud, id, "there");
        pair.Link.Start();
        await pair.EqualAsync();
        await pair.StateAsync(LinkState.Online);

        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);
        await EdgeAndCloud.PutAsync(pair.Edge, "changed", "here", changedAt: 2);
        await EdgeAndCloud.PutAsync(pair.Edge, "gone", "here", changedAt: 2);
        await EdgeAndCloud.DeleteAsync(pair.Edge, "deleted");
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "gone");
        await pair.Link.ResumeAsync(CancellationToken.None);
        await pair.Link.ResyncAsync(new CollectionName("plant", "tasks"), CancellationToken.None);
        await pair.EqualAsync();

        (await pair.Edge.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["changed", "deleted", "same"]);
        (await pair.Edge.DocumentsAsync("plant", "tasks"))["changed"].ShouldContain("\"there\"");
    }

    [Theory]
    [InlineData(ConflictPolicy.Newest, 5, 9, "cloud", false)]
    [InlineData(ConflictPolicy.Newest, 9, 5, "edge", false)]
    [InlineData(ConflictPolicy.Newest, 5, 5, "cloud", false)]
    [InlineData(ConflictPolicy.Edge, 5, 9, "edge", false)]
    [InlineData(ConflictPolicy.Cloud, 9, 5, "cloud", false)]
    [InlineData(ConflictPolicy.KeepBoth, 9, 5, "edge", true)]
    [InlineData(ConflictPolicy.KeepBoth, 5, 9, "cloud", true)]
    public async Task A_document_changed_on_both_sides_is_settled_as_configured(ConflictPolicy policy, long edgeAt, long cloudAt, string winner, bool isKept)
    {
        await using var pair = await CreateAsync(SyncDirection.Both, policy);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        await EdgeAndCloud.PutAsync(pair.Cloud, "a", "before");
        pair.Link.Start();
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 1);
        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);

        await EdgeAndCloud.PutAsync(pair.Edge, "a", "edge", edgeAt);
        await EdgeAndCloud.PutAsync(pair.Cloud, "a", "cloud", cloudAt);
        await pair.Link.ResumeAsync(CancellationToken.None);
        await pair.EqualAsync();

        (await pair.Cloud.DocumentsAsync("plant", "tasks"))["a"].ShouldContain($"\"{winner}\"");
        var aside = await pair.Edge.DocumentsAsync("edge", "conflicts");
        aside.Count.ShouldBe(isKept ? 1 : 0);
        if (isKept) aside.Values.Single().ShouldContain(winner == "edge" ? "\"text\":\"cloud\"" : "\"text\":\"edge\"");
    }

    [Fact]
    public async Task A_change_here_beats_a_deletion_there()
    {
        await using var pair = await CreateAsync(SyncDirection.Both);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        await EdgeAndCloud.PutAsync(pair.Cloud, "a", "before");
        pair.Link.Start();
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 1);
        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);

        await EdgeAndCloud.PutAsync(pair.Edge, "a", "changed", changedAt: 2);
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "a");
        await pair.Link.ResumeAsync(CancellationToken.None);
        await pair.EqualAsync();

        (await pair.Cloud.DocumentsAsync("plant", "tasks"))["a"].ShouldContain("changed");
    }

    private static DocumentFilter? FilterOf(string text)
    {
        if (text.Length == 0) return null;

        DocumentFilter.TryParse(JsonElement.Parse(text), out var filter, out var refusal).ShouldBeTrue(refusal);
        return filter;
    }

    private static Task<EdgeAndCloud> CreateAsync(SyncDirection direction, ConflictPolicy conflict = ConflictPolicy.Newest) =>
        EdgeAndCloud.CreateAsync(new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = direction, Conflict = conflict });
}
