using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests.Reading;

public sealed class MeasureTests
{
    [Fact]
    public async Task A_small_collection_is_measured_to_the_byte()
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("1", """{"a":1}""");
        await test.PutAsync("2", """{"a":"é"}""");

        (await MeasureAsync(test)).ShouldBe(new CollectionSize(2, 7 + 10));
    }

    [Fact]
    public async Task A_large_one_is_counted_exactly_and_its_bytes_are_estimated()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync([.. Enumerable.Range(0, 6000).Select(i => TestWrite.Put($"d{i}", $$"""{"text":"{{new string('x', i % 100)}}"}"""))]);
        await test.WriteAsync([.. Enumerable.Range(0, 6000).Where(i => i % 3 == 0).Select(i => TestWrite.Delete($"d{i}"))]);
        var bytes = Enumerable.Range(0, 6000).Where(i => i % 3 != 0).Sum(i => 11 + (i % 100));

        var size = await MeasureAsync(test);

        size.Documents.ShouldBe(4000);
        ((double)size.Bytes / bytes).ShouldBeInRange(0.85, 1.15);
    }

    [Fact]
    public async Task An_empty_collection_and_one_that_is_gone_hold_nothing()
    {
        await using var test = await TestStore.CreateAsync();

        (await test.Store.MeasureAsync([TestStore.Sensors, new CollectionName("no", "where")], CancellationToken.None)).ShouldBe([new CollectionSize(0, 0), new CollectionSize(0, 0)]);
    }

    private static async Task<CollectionSize> MeasureAsync(TestStore test) => (await test.Store.MeasureAsync([TestStore.Sensors], CancellationToken.None))[0];
}
