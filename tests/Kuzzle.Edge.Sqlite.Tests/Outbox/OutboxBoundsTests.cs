using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Tests.Outbox;

public sealed class OutboxBoundsTests
{
    private static readonly CollectionName Orders = new("edge", "orders");

    [Fact]
    public async Task A_full_outbox_refuses_new_documents_and_takes_changes_of_those_that_wait_and_deletions()
    {
        await using var test = await CreateAsync(new OutboxBounds { MaxEntries = 100 });
        await test.PutAsync("uploaded", "{}");
        await test.Store.Outbox.RemoveAsync(await test.Store.Outbox.PeekAsync(1, int.MinValue, CancellationToken.None), CancellationToken.None);
        await FillAsync(test, 100);

        var refusal = await Should.ThrowAsync<DocumentStoreException>(() => test.PutAsync("one more", "{}"));
        refusal.Fault.ShouldBe(DocumentStoreFault.OutboxFull);
        (await test.TextOfAsync("one more")).ShouldBe("nothing");
        await test.PutAsync("d7", """{"n":"new"}""");
        await test.WriteAsync(TestWrite.Delete("uploaded"));
        await test.Store.WriteAsync(new CollectionName("edge", "local"), [TestWrite.Put("stays here", "{}")], CancellationToken.None);

        (test.Store.Outbox.Totals.Entries, test.Store.Outbox.Totals.Refused).ShouldBe((101, 1));
        await test.Store.Outbox.RemoveAsync(await test.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None), CancellationToken.None);
        await test.PutAsync("one more", "{}");
    }

    [Fact]
    public async Task A_refused_write_does_not_take_its_neighbours_down_and_does_nothing_by_half()
    {
        await using var test = await CreateAsync(new OutboxBounds { MaxEntries = 100 });
        await FillAsync(test, 99);

        var refused = test.Store.WriteAsync(TestStore.Sensors, [TestWrite.Put("x", "{}"), TestWrite.Put("y", "{}")], CancellationToken.None);
        var taken = test.PutAsync("z", "{}");

        await Should.ThrowAsync<DocumentStoreException>(() => refused);
        await taken;
        (await test.TextOfAsync("x")).ShouldBe("nothing");
    }

    [Fact]
    public async Task The_bound_in_bytes_holds_too()
    {
        await using var test = await CreateAsync(new OutboxBounds { MaxBytes = 65_536 });
        var large = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        await test.PutAsync("a", large);
        await test.PutAsync("b", large);

        (await Should.ThrowAsync<DocumentStoreException>(() => test.PutAsync("c", large))).Fault.ShouldBe(DocumentStoreFault.OutboxFull);

        test.Store.Outbox.Totals.Bytes.ShouldBe(2 * large.Length);
    }

    [Fact]
    public async Task The_oldest_of_what_may_be_dropped_makes_room_and_stays_here()
    {
        await using var test = await CreateAsync(new OutboxBounds { MaxEntries = 300, WhenFull = OutboxOverflow.DropOldest });
        await test.Store.WriteAsync(Orders, [TestWrite.Put("order", "{}")], CancellationToken.None);
        await FillAsync(test, 299);

        await test.PutAsync("newest", "{}");

        test.Store.Outbox.Totals.Dropped.ShouldBe(200);
        var waiting = (await test.Store.Outbox.PeekAsync(500, int.MinValue, CancellationToken.None)).Select(entry => entry.Id).ToList();
        (waiting[0], waiting[1], waiting[^1]).ShouldBe(("order", "d200", "newest"));
        (await test.TextOfAsync("d0")).ShouldNotBe("nothing");
    }

    [Fact]
    public async Task What_may_not_be_dropped_is_refused_in_the_end()
    {
        await using var test = await CreateAsync(new OutboxBounds { MaxEntries = 100, WhenFull = OutboxOverflow.DropOldest });
        await test.Store.WriteAsync(Orders, [.. Enumerable.Range(0, 100).Select(n => TestWrite.Put($"o{n}", "{}"))], CancellationToken.None);

        await Should.ThrowAsync<DocumentStoreException>(() => test.PutAsync("a", "{}"));

        test.Store.Outbox.Totals.ShouldBe(new OutboxTotals(100, 200, 0, 0, 1));
    }

    [Fact]
    public async Task With_the_disk_nearly_full_documents_are_refused_and_deletions_and_the_products_own_go_on()
    {
        var free = 1000L;
        await using var test = await TestStore.CreateAsync(options => options with { DiskReserve = 500_000, MeasureDisk = _ => new StorageSpace(1_000_000, Volatile.Read(ref free)) });
        var own = new CollectionName(InternalIndex.Name, "users");
        await test.DefineAsync(own, "{}");

        (await Should.ThrowAsync<DocumentStoreException>(() => test.PutAsync("a", "{}"))).Fault.ShouldBe(DocumentStoreFault.NoRoom);
        await test.Store.WriteAsync(own, [TestWrite.Put("admin", "{}")], CancellationToken.None);
        (await test.WriteAsync(TestWrite.Delete("a"))).Single().Kind.ShouldBe(DocumentChangeKind.NotFound);

        (await test.Store.MeasureSpaceAsync(CancellationToken.None)).TotalBytes.ShouldBe(1_000_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_totals_are_what_counting_would_give_whatever_is_done(int seed)
    {
        var random = new Random(seed);
        var steps = Enumerable.Range(0, 150).Select(_ => (What: random.Next(12), Id: random.Next(12))).ToArray();
        await using var test = await CreateAsync(new OutboxBounds());
        foreach (var (what, id) in steps)
        {
            var next = await test.Store.Outbox.PeekAsync(3, int.MinValue, CancellationToken.None);
            await (what switch
            {
                0 or 1 or 2 or 3 => test.PutAsync($"d{id}", $$"""{"n":"{{new string('x', id * 10)}}"}"""),
                4 => test.WriteAsync(TestWrite.Delete($"d{id}")),
                5 => test.Store.Outbox.RemoveAsync(next, CancellationToken.None),
                6 when next.Count > 0 => test.Store.Outbox.ParkAsync(next[0], "no", CancellationToken.None),
                7 => test.Store.Outbox.RetryAsync(CancellationToken.None),
                8 => test.Store.Outbox.EnqueueAllAsync(TestStore.Sensors, CancellationToken.None),
                10 => test.Store.Outbox.EnqueueAnewAsync(TestStore.Sensors, CancellationToken.None),
                11 => test.Store.Outbox.DropParkedAsync(CancellationToken.None),
                9 when id == 0 => test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None),
                _ => test.Store.Outbox.DeferAsync(next, DateTimeOffset.MaxValue, CancellationToken.None),
            });
        }

        await test.Store.Outbox.Settled;
        var before = test.Store.Outbox.Totals;
        await test.RestartAsync();
        test.Store.Outbox.Totals.ShouldBe(before, $"seed {seed}");
    }

    private static Task<IReadOnlyList<WriteOutcome>> FillAsync(TestStore test, int count) =>
        test.WriteAsync([.. Enumerable.Range(0, count).Select(n => TestWrite.Put($"d{n}", string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{n}}}""")))]);

    private static async Task<TestStore> CreateAsync(OutboxBounds bounds)
    {
        var test = await TestStore.CreateAsync(options => options with
        {
            Outbox = bounds,
            RouteOf = name => name == TestStore.Sensors ? new UpstreamRoute(GoesUp: true, MayBeDropped: true) : new UpstreamRoute(GoesUp: name == Orders),
        });
        await test.DefineAsync(Orders, "{}");
        await test.DefineAsync(new CollectionName("edge", "local"), "{}");
        return test;
    }
}
