using System.Globalization;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests.Writing;

public sealed class DocumentCountsTests
{
    private static readonly CollectionName Other = new("edge", "other");

    [Fact]
    public async Task The_count_follows_every_kind_of_write()
    {
        await using var test = await TestStore.CreateAsync();
        (await CountAsync(test)).ShouldBe(0);

        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Create("b", "{}"), TestWrite.Create("b", "{}"), TestWrite.Put("a", """{"n":1}"""));
        (await CountAsync(test)).ShouldBe(2);

        await test.WriteAsync(TestWrite.Delete("a"), TestWrite.Delete("a"), TestWrite.Delete("none"), new TestWrite("b", _ => DocumentChange.None));
        (await CountAsync(test)).ShouldBe(1);

        await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None);
        (await CountAsync(test)).ShouldBe(0);
    }

    [Fact]
    public async Task A_write_that_fails_with_its_neighbours_counts_only_them()
    {
        await using var test = await TestStore.CreateAsync();
        (await CountAsync(test)).ShouldBe(0);

        var writes = Enumerable.Range(0, 20)
            .Select(i => i % 5 == 0
                ? test.WriteAsync(TestWrite.Put($"{i}-1", "{}"), new TestWrite($"{i}-2", _ => throw new InvalidOperationException("a defect")))
                : test.WriteAsync(TestWrite.Put(i.ToString(CultureInfo.InvariantCulture), "{}")))
            .ToList();
        foreach (var write in writes) await Task.WhenAny(write);

        writes.Count(static write => write.IsFaulted).ShouldBe(4);
        (await CountAsync(test)).ShouldBe(16);
    }

    [Fact]
    public async Task After_a_restart_it_is_counted_anew()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Put("b", "{}"));

        await test.RestartAsync();
        await test.PutAsync("c", "{}");

        (await CountAsync(test)).ShouldBe(3);
        await test.WriteAsync(TestWrite.Delete("c"));
        (await CountAsync(test)).ShouldBe(2);
    }

    [Fact]
    public async Task A_collection_that_is_made_anew_starts_from_nothing_and_several_are_added_up()
    {
        await using var test = await TestStore.CreateAsync();
        await test.DefineAsync(Other, "{}");
        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Put("b", "{}"));
        await test.Store.WriteAsync(Other, [TestWrite.Put("c", "{}")], CancellationToken.None);
        (await TotalAsync(test, TestStore.Sensors, Other)).ShouldBe(3);

        await test.Store.DeleteCollectionAsync(TestStore.Sensors, CancellationToken.None);
        (await TotalAsync(test, TestStore.Sensors, Other)).ShouldBe(1);

        await test.DefineAsync(TestStore.Sensors, "{}");
        (await TotalAsync(test, TestStore.Sensors, Other)).ShouldBe(1);
        await test.PutAsync("d", "{}");
        (await TotalAsync(test, TestStore.Sensors, Other)).ShouldBe(2);
    }

    private static async Task<long> CountAsync(TestStore test)
    {
        var counted = await test.Store.CountAsync(TestStore.Sensors, TestStore.Json("{}"), CancellationToken.None);
        counted.Refusal.ShouldBeNull();
        (await TotalAsync(test, TestStore.Sensors)).ShouldBe(counted.Total, "a search tells the same");
        return counted.Total;
    }

    private static async Task<long> TotalAsync(TestStore test, params CollectionName[] collections)
    {
        var found = await test.Store.SearchAsync(new SearchRequest { Targets = collections, Body = TestStore.Json("{}"), Size = 1 }, CancellationToken.None);
        found.Refusal.ShouldBeNull();
        return found.Total;
    }
}
