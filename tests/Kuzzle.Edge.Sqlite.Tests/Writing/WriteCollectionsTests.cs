using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests.Writing;

public sealed class WriteCollectionsTests
{
    private static readonly CollectionName Second = new("edge", "second");

    [Fact]
    public async Task Writes_of_several_collections_are_one_commit_in_their_order()
    {
        await using var test = await TestStore.CreateAsync();
        await test.DefineAsync(Second, "{}");
        var before = test.Store.Statistics.Commits;

        var outcomes = await test.Store.WriteAsync(
            [(TestStore.Sensors, TestWrite.Put("a", """{"n":1}""")), (Second, TestWrite.Put("a", """{"n":2}""")), (TestStore.Sensors, TestWrite.Delete("a")), (TestStore.Sensors, TestWrite.Delete("b"))],
            CancellationToken.None);

        test.Store.Statistics.Commits.ShouldBe(before + 1);
        outcomes.ShouldNotBeNull().Select(outcome => outcome.Kind).ShouldBe([DocumentChangeKind.Put, DocumentChangeKind.Put, DocumentChangeKind.Delete, DocumentChangeKind.NotFound]);
        (await test.TextOfAsync("a")).ShouldBe("nothing");
        TestStore.Text(await test.Store.FindAsync(Second, "a", CancellationToken.None)).ShouldBe("""{"n":2}""");
    }

    [Fact]
    public async Task A_collection_that_is_missing_takes_all_writes_with_it()
    {
        await using var test = await TestStore.CreateAsync();

        (await test.Store.WriteAsync([(TestStore.Sensors, TestWrite.Put("a", "{}")), (Second, TestWrite.Put("a", "{}"))], CancellationToken.None)).ShouldBeNull();

        (await test.TextOfAsync("a")).ShouldBe("nothing");
    }

    [Fact]
    public async Task A_write_that_fails_takes_the_others_with_it()
    {
        await using var test = await TestStore.CreateAsync();
        await test.DefineAsync(Second, "{}");

        await Should.ThrowAsync<InvalidOperationException>(() => test.Store.WriteAsync(
            [(TestStore.Sensors, TestWrite.Put("a", "{}")), (Second, new TestWrite("a", _ => throw new InvalidOperationException("broken")))], CancellationToken.None));

        (await test.TextOfAsync("a")).ShouldBe("nothing");
    }
}
