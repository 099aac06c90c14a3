using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Rules;

/// <summary>One link ends, and another begins with other rules on the same store.</summary>
public sealed class ChangedRulesTests
{
    private static readonly SyncRule Elsewhere = new() { Match = CollectionPattern.Parse("elsewhere/*") };

    [Theory]
    [InlineData(SyncDirection.Up)]
    [InlineData(SyncDirection.Both)]
    public async Task A_rule_that_is_added_sends_what_was_there_and_what_is_written_from_then_on(SyncDirection direction)
    {
        await using var pair = await EdgeAndCloud.CreateAsync(Elsewhere);
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        await EdgeAndCloud.PutAsync(pair.Edge, "before", "1");
        pair.Link.Start();
        await pair.StateAsync(LinkState.Online);
        pair.Edge.Store.Outbox.Totals.Entries.ShouldBe(0);

        await pair.Link.StopAsync();
        await using var link = pair.LinkAgain(With(pair, Rule(direction)));
        link.Start();
        await pair.UntilAsync(async () => (await pair.Cloud.DocumentsAsync("plant", "tasks")).ContainsKey("before"));
        await EdgeAndCloud.PutAsync(pair.Edge, "after", "1");

        await pair.EqualAsync();
        (await pair.Cloud.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["after", "before"]);
    }

    [Fact]
    public async Task A_rule_that_is_added_brings_down_what_is_there()
    {
        await using var pair = await EdgeAndCloud.CreateAsync(Elsewhere);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        await EdgeAndCloud.PutAsync(pair.Cloud, "a", "1");
        pair.Link.Start();
        await pair.StateAsync(LinkState.Online);

        await pair.Link.StopAsync();
        await using var link = pair.LinkAgain(With(pair, Rule(SyncDirection.Down)));
        link.Start();

        await pair.EqualAsync();
    }

    [Fact]
    public async Task A_rule_that_goes_takes_what_waits_with_it_and_when_it_comes_back_all_that_is_here_is_sent()
    {
        await using var pair = await EdgeAndCloud.CreateAsync(Rule(SyncDirection.Up));
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        pair.Link.Start();
        await EdgeAndCloud.PutAsync(pair.Edge, "sent", "1");
        await pair.EqualAsync();
        await pair.Link.PauseAsync(CancellationToken.None);
        await EdgeAndCloud.PutAsync(pair.Edge, "waits", "1");
        await EdgeAndCloud.DeleteAsync(pair.Edge, "sent");
        await pair.Link.StopAsync();

        // Paused as it is, it has no upstream to ask.
        var without = pair.LinkAgain(With(pair, Elsewhere));
        without.Start();
        await pair.UntilAsync(() => Task.FromResult(pair.Edge.Store.Outbox.Totals.Entries == 0));
        await EdgeAndCloud.PutAsync(pair.Edge, "meanwhile", "1");
        pair.Edge.Store.Outbox.Totals.Entries.ShouldBe(0);
        await without.DisposeAsync();

        await using var back = pair.LinkAgain(pair.Options);
        back.Start();
        await back.ResumeAsync(CancellationToken.None);
        await pair.UntilAsync(async () => (await pair.Cloud.DocumentsAsync("plant", "tasks")).Count == 3);

        // A deletion that waited is not known any more: the rule comes back as a new one.
        (await pair.Cloud.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["meanwhile", "sent", "waits"]);
        (await pair.Edge.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["meanwhile", "waits"]);
    }

    [Fact]
    public async Task Without_an_upstream_what_waits_is_kept_and_what_changes_is_sent_when_there_is_one_again()
    {
        await using var pair = await EdgeAndCloud.CreateAsync(Rule(SyncDirection.Up));
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        pair.Link.Start();
        await EdgeAndCloud.PutAsync(pair.Edge, "sent", "1");
        await pair.EqualAsync();
        await pair.Link.PauseAsync(CancellationToken.None);
        await EdgeAndCloud.DeleteAsync(pair.Edge, "sent");
        await pair.Link.StopAsync();

        // A start without an upstream: the store notes nothing.
        await new LinkMemory(pair.Edge.Store).ForgetRulesAsync(CancellationToken.None);
        await pair.Edge.Store.Outbox.ChangeRoutesAsync(With(pair, Rule(SyncDirection.Up)).Rules.RouteOf, CancellationToken.None);
        pair.Edge.Store.Outbox.Totals.Entries.ShouldBe(1);
        await EdgeAndCloud.PutAsync(pair.Edge, "meanwhile", "1");
        await pair.Edge.Store.Outbox.RemoveAsync(
            [.. (await pair.Edge.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).Where(entry => entry.Id == "meanwhile")], CancellationToken.None);

        await using var back = pair.LinkAgain(pair.Options);
        back.Start();
        await back.ResumeAsync(CancellationToken.None);

        await pair.UntilAsync(async () => (await pair.Cloud.DocumentsAsync("plant", "tasks")).Keys.SequenceEqual(["meanwhile"]));
    }

    [Fact]
    public async Task What_goes_up_no_more_but_comes_down_becomes_as_it_is_there()
    {
        await using var pair = await EdgeAndCloud.CreateAsync(Rule(SyncDirection.Both));
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        await EdgeAndCloud.PutAsync(pair.Cloud, "a", "there");
        pair.Link.Start();
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 1);
        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);
        await EdgeAndCloud.PutAsync(pair.Edge, "a", "here", changedAt: 2);
        await pair.Link.StopAsync();

        await using var link = pair.LinkAgain(With(pair, Rule(SyncDirection.Down)));
        link.Start();
        await link.ResumeAsync(CancellationToken.None);
        await pair.EqualAsync();

        (await pair.Cloud.DocumentsAsync("plant", "tasks"))["a"].ShouldContain("\"there\"");
    }

    private static SyncRule Rule(SyncDirection direction) => new() { Match = CollectionPattern.Parse("plant/*"), Direction = direction };

    private static UpstreamOptions With(EdgeAndCloud pair, SyncRule rule) => pair.Options with { Rules = new SyncRules([Elsewhere, rule]) };
}
