using System.Text;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests;

public sealed class SqliteDocumentStoreTests
{
    private static readonly CollectionName Sensors = TestStore.Sensors;

    [Fact]
    public async Task A_restart_finds_everything()
    {
        await using var test = await TestStore.CreateAsync();
        await test.DefineAsync(new CollectionName("edge", "other"), """{"dynamic":"strict","properties":{"a":{"type":"keyword"}}}""");
        await test.Store.CreateIndexAsync("empty", CancellationToken.None);
        await test.WriteAsync(TestWrite.Put("a", """{"n":1}"""), TestWrite.Put("b", """{"n":2}"""));
        await test.PutAsync("a", """{"n":"é\u0000\""}""");

        await test.RestartAsync();

        (await test.TextOfAsync("a")).ShouldBe("""{"n":"é\u0000\""}""");
        (await test.Store.FindAsync(Sensors, "a", CancellationToken.None))!.Version.ShouldBe(2);
        (await test.TextOfAsync("b")).ShouldBe("""{"n":2}""");
        test.Store.Catalogue.Indexes.Select(index => index.Name).ShouldBe(["edge", "empty"]);
        test.Store.Catalogue.Indexes[0].CollectionNames.ShouldBe(["sensors", "other"]);
        test.Store.Catalogue.TryGetCollection(new CollectionName("edge", "other"), out var definition).ShouldBeTrue();
        definition!.Mapping.GetRawText().ShouldBe("""{"dynamic":"strict","properties":{"a":{"type":"keyword"}}}""");
    }

    [Fact]
    public async Task A_write_tells_what_was_before_and_what_is_after()
    {
        await using var test = await TestStore.CreateAsync();

        var outcomes = await test.WriteAsync(
            TestWrite.Create("a", """{"n":1}"""),
            TestWrite.Create("a", """{"n":2}"""),
            TestWrite.Put("a", """{"n":3}"""),
            new TestWrite("a", _ => DocumentChange.None),
            TestWrite.Delete("a"),
            TestWrite.Delete("a"),
            new TestWrite("a", _ => DocumentChange.Delete));

        outcomes.Select(outcome => outcome.Kind).ShouldBe([
            DocumentChangeKind.Put, DocumentChangeKind.AlreadyExists, DocumentChangeKind.Put, DocumentChangeKind.None, DocumentChangeKind.Delete,
            DocumentChangeKind.NotFound, DocumentChangeKind.NotFound,
        ]);
        outcomes[0].Created.ShouldBeTrue();
        outcomes[1].After!.Version.ShouldBe(1);
        outcomes[2].Created.ShouldBeFalse();
        TestStore.Text(outcomes[2].Before).ShouldBe("""{"n":1}""");
        TestStore.Text(outcomes[2].After).ShouldBe("""{"n":3}""");
        outcomes[2].After!.Version.ShouldBe(2);
        TestStore.Text(outcomes[4].Before).ShouldBe("""{"n":3}""");
        outcomes[4].After.ShouldBeNull();
        (await test.TextOfAsync("a")).ShouldBe("nothing");
    }

    [Fact]
    public async Task Documents_come_in_the_order_of_the_identifiers_asked_for()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync(TestWrite.Put("a", """{"n":1}"""), TestWrite.Put("", """{"n":2}"""), TestWrite.Put(new string('x', 5000), """{"n":3}"""));

        var found = await test.Store.FindAsync(Sensors, [new string('x', 5000), "none", "", "a"], CancellationToken.None);

        found.Select(TestStore.Text).ShouldBe(["""{"n":3}""", "nothing", """{"n":2}""", """{"n":1}"""]);
    }

    [Fact]
    public async Task What_does_not_exist_is_told_from_what_is_empty()
    {
        await using var test = await TestStore.CreateAsync();
        var ghost = new CollectionName("edge", "ghost");

        (await test.Store.WriteAsync(ghost, [TestWrite.Put("a", "{}")], CancellationToken.None)).ShouldBeNull();
        (await test.Store.WriteAsync(Sensors, [], CancellationToken.None)).ShouldBe([]);
        (await test.Store.FindAsync(ghost, "a", CancellationToken.None)).ShouldBeNull();
        (await test.Store.FindAsync(ghost, ["a", "b"], CancellationToken.None)).ShouldBe([null, null]);
        (await test.Store.DeleteCollectionAsync(ghost, CancellationToken.None)).ShouldBeFalse();
        (await test.Store.TruncateAsync(ghost, CancellationToken.None)).ShouldBeFalse();
        (await test.Store.CreateIndexAsync("edge", CancellationToken.None)).ShouldBeFalse();
        (await test.Store.DeleteIndexesAsync(["ghost", "edge"], CancellationToken.None)).ShouldBe(["edge"]);
        test.Store.Catalogue.Indexes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_collection_that_was_deleted_and_made_again_is_empty()
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("a", """{"n":1}""");

        (await test.Store.DeleteCollectionAsync(Sensors, CancellationToken.None)).ShouldBeTrue();
        await test.DefineAsync(Sensors, "{}");

        (await test.TextOfAsync("a")).ShouldBe("nothing");
        (await test.IdsAsync("{}")).ShouldBe("");
    }

    [Fact]
    public async Task Truncating_leaves_the_collection()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync(TestWrite.Put("a", "{}"), TestWrite.Put("b", "{}"));

        (await test.Store.TruncateAsync(Sensors, CancellationToken.None)).ShouldBeTrue();

        (await test.IdsAsync("{}")).ShouldBe("");
        (await test.WriteAsync(TestWrite.Create("a", "{}")))[0].After!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_definition_is_changed_knowing_the_one_before()
    {
        await using var test = await TestStore.CreateAsync(mapping: """{"dynamic":"true"}""");
        CollectionDefinition? seen = null;

        await test.Store.DefineCollectionAsync(
            Sensors,
            before =>
            {
                seen = before;
                return new CollectionDefinition(TestStore.Json("""{"dynamic":"strict"}"""), before!.Settings);
            },
            CancellationToken.None);

        seen!.Mapping.GetRawText().ShouldBe("""{"dynamic":"true"}""");
        test.Store.Catalogue.TryGetCollection(Sensors, out var after).ShouldBeTrue();
        after!.Mapping.GetRawText().ShouldBe("""{"dynamic":"strict"}""");
    }

    [Fact]
    public async Task A_stopped_store_refuses_and_does_not_hang()
    {
        await using var test = await TestStore.CreateAsync();
        await test.Store.DisposeAsync();

        await Should.ThrowAsync<DocumentStoreException>(() => test.PutAsync("a", "{}"));
        await Should.ThrowAsync<DocumentStoreException>(() => test.TextOfAsync("a"));
        await test.RestartAsync();
    }

    [Fact]
    public async Task Writers_and_readers_do_not_disturb_each_other()
    {
        await using var test = await TestStore.CreateAsync();
        var writers = Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 50; i++)
            {
                var id = $"{writer}-{i}";
                await test.PutAsync(id, $$"""{"writer":{{writer}},"i":{{i}}}""");

                // A read that begins after a write's end sees it.
                (await test.TextOfAsync(id)).ShouldBe($$"""{"writer":{{writer}},"i":{{i}}}""");
            }
        });
        var readers = Enumerable.Range(0, 4).Select(async reader =>
        {
            var last = 0L;
            for (var i = 0; i < 25; i++)
            {
                var total = (await test.SearchAsync($"{{\"query\":{{\"term\":{{\"writer\":{reader}}}}}}}", size: 0)).Total;
                total.ShouldBeGreaterThanOrEqualTo(last);
                last = total;
            }
        });

        await Task.WhenAll(writers.Concat(readers));

        (await test.SearchAsync("{}", size: 0)).Total.ShouldBe(400);
    }

    [Fact]
    public async Task A_document_of_a_megabyte_comes_back_as_it_was()
    {
        await using var test = await TestStore.CreateAsync();
        var json = $$"""{"text":"{{new string('y', 1_000_000)}}"}""";

        await test.PutAsync("big", json);

        var found = await test.Store.FindAsync(Sensors, "big", CancellationToken.None);
        Encoding.UTF8.GetString(found!.Json.Span).ShouldBe(json);
    }
}
