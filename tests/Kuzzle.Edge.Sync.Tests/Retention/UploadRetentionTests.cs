using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Retention;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests.Retention;

public sealed class UploadRetentionTests
{
    [Fact]
    public async Task What_the_upstream_has_had_for_long_enough_goes_here_and_stays_there()
    {
        var rule = new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Both, DeleteAfter = TimeSpan.FromDays(7) };
        await using var pair = await EdgeAndCloud.CreateAsync(rule);
        var clock = new ManualClock();
        clock.Set(TimeProvider.System.GetUtcNow());
        await using var retention = RetentionOf(pair, new Disk(100, 100), clock);
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        for (var n = 0; n < 450; n++) await EdgeAndCloud.PutAsync(pair.Edge, $"d{n}", "1");
        pair.Link.Start();
        await pair.EqualAsync();
        await pair.Link.PauseAsync(CancellationToken.None);
        await pair.StateAsync(LinkState.Suspended);
        await EdgeAndCloud.PutAsync(pair.Edge, "d7", "changed here since", changedAt: 2);

        (await retention.SweepAsync(CancellationToken.None)).ShouldBe(0);
        clock.Advance(TimeSpan.FromDays(8));
        (await retention.SweepAsync(CancellationToken.None)).ShouldBe(449);
        (await pair.Edge.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["d7"]);

        // The next comparison neither brings them back nor deletes them there.
        await pair.Link.ResumeAsync(CancellationToken.None);
        await EdgeAndCloud.PutAsync(pair.Cloud, "new", "from above");
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 2 && pair.Edge.Store.Outbox.Totals.Entries == 0);
        (await pair.Link.ResyncAsync(new CollectionName("plant", "tasks"), CancellationToken.None)).ShouldNotBeNull();
        await pair.UntilAsync(() => Task.FromResult(pair.Edge.Store.Outbox.Totals.Entries == 0));
        await EdgeAndCloud.DeleteAsync(pair.Cloud, "new");
        await pair.UntilAsync(async () => (await pair.Edge.DocumentsAsync("plant", "tasks")).Count == 1);
        (await pair.Cloud.DocumentsAsync("plant", "tasks")).Count.ShouldBe(450);
    }

    [Fact]
    public async Task When_the_disk_fills_the_oldest_go_first_and_no_more_than_must()
    {
        var rule = new SyncRule { Match = CollectionPattern.Parse("plant/*"), DeleteAboveDisk = 80 };
        await using var pair = await EdgeAndCloud.CreateAsync(rule);
        var disk = new Disk(1000, 150);
        await using var retention = RetentionOf(pair, disk, TimeProvider.System);
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        pair.Link.Start();
        await pair.StateAsync(LinkState.Online);
        foreach (var generation in (string[])["old", "young"])
        {
            for (var n = 0; n < 200; n++) await EdgeAndCloud.PutAsync(pair.Edge, $"{generation}{n}", "1");
            await pair.EqualAsync();
        }

        disk.FreedPerLook = 30;
        (await retention.SweepAsync(CancellationToken.None)).ShouldBe(400, "two looks at 85 and 82 %, a third at 79 %");
        disk.FreedPerLook = 0;
        disk.Free = 900;
        (await retention.SweepAsync(CancellationToken.None)).ShouldBe(0);

        (await pair.Cloud.DocumentsAsync("plant", "tasks")).Count.ShouldBe(400);
        retention.Removed.ShouldBe(400);
    }

    [Fact]
    public async Task Of_a_full_disk_one_step_takes_the_oldest()
    {
        var rule = new SyncRule { Match = CollectionPattern.Parse("plant/*"), DeleteAboveDisk = 80 };
        await using var pair = await EdgeAndCloud.CreateAsync(rule);
        await using var retention = RetentionOf(pair, new Disk(1000, 150) { FreedPerLook = 100 }, TimeProvider.System);
        await EdgeAndCloud.CreateCollectionAsync(pair.Edge);
        pair.Link.Start();
        foreach (var generation in (string[])["old", "young"])
        {
            for (var n = 0; n < 200; n++) await EdgeAndCloud.PutAsync(pair.Edge, $"{generation}{n}", "1");
            await pair.EqualAsync();
        }

        (await retention.SweepAsync(CancellationToken.None)).ShouldBe(200);

        (await pair.Edge.DocumentsAsync("plant", "tasks")).Keys.ShouldAllBe(id => id.StartsWith("young", StringComparison.Ordinal));
    }

    private static UploadRetention RetentionOf(EdgeAndCloud pair, IStorageSpace disk, TimeProvider clock) =>
        new(pair.Options, pair.Edge.Store.Outbox, pair.Edge.Store, disk, clock, NullLoggerFactory.Instance);

    /// <summary>A disk that has more room at each look.</summary>
    private sealed class Disk(long total, long free) : IStorageSpace
    {
        public long Free { get; set; } = free;

        public long FreedPerLook { get; set; }

        public ValueTask<StorageSpace> MeasureSpaceAsync(CancellationToken cancellationToken)
        {
            var now = new StorageSpace(total, Free);
            Free += FreedPerLook;
            return ValueTask.FromResult(now);
        }
    }
}
