using System.Globalization;

namespace Kuzzle.Edge.Sqlite.Tests.Indexes;

public sealed class FieldIndexTests
{
    private const string Mapped = """
        {"properties":{"site":{"type":"keyword"},"n":{"type":"integer"},"on":{"type":"boolean"},"at":{"type":"date"},"note":{"type":"text","fields":{"raw":{"type":"keyword"}}}}}
        """;

    private static readonly string[] Queries =
    [
        """{"term":{"site":"s3"}}""", """{"terms":{"n":[5,"7",4000]}}""", """{"range":{"n":{"gte":10,"lt":20}}}""", """{"range":{"n":{"gt":4990}}}""",
        """{"prefix":{"site":"s1"}}""", """{"term":{"on":true}}""", """{"range":{"at":{"lt":"1970-01-01T00:01:00Z"}}}""", """{"match":{"note":"pump 17"}}""",
        """{"match_phrase":{"note":"pump number 42"}}""", """{"match_phrase_prefix":{"note":"number 49"}}""", """{"prefix":{"note":"pum"}}""", """{"term":{"note.raw":"Pump number 8"}}""",
        """{"bool":{"filter":[{"term":{"site":"s3"}},{"range":{"n":{"lt":1000}}}],"must_not":{"term":{"on":true}}}}""",
        """{"bool":{"should":[{"term":{"site":"s3"}},{"match":{"note":"42"}}],"minimum_should_match":1}}""",
        """{"bool":{"must":{"ids":{"values":["id3","id4"]}},"filter":{"term":{"site":"s3"}}}}""",
    ];

    [Fact]
    public async Task An_index_that_comes_later_changes_no_answer_and_is_seen_to_become_ready()
    {
        await using var test = await TestStore.CreateAsync();
        await FillAsync(test, 0, 5000);
        await test.DefineAsync(TestStore.Sensors, """{"properties":{"other":{"type":"keyword"}}}""");
        await test.Store.IndexesBuilt;
        await test.DefineAsync(TestStore.Sensors, Mapped);
        await test.Store.IndexesBuilt;

        test.Store.IndexesOf(TestStore.Sensors).Select(index => $"{index.Field} {index.Kind} {index.IsReady}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "_kuzzle_info.createdAt date True", "_kuzzle_info.updatedAt date True", "at date True", "n number True", "note text True", "note.raw keyword True",
            "on boolean True", "site keyword True",
        ]);
        await CompareAsync(test);
    }

    [Fact]
    public async Task Writes_go_on_while_an_index_is_built_and_a_restart_goes_on_with_it()
    {
        await using var test = await TestStore.CreateAsync();
        await FillAsync(test, 0, 20_000);
        await test.DefineAsync(TestStore.Sensors, Mapped);
        await test.WriteAsync(TestWrite.Delete("id3"), TestWrite.Put("id19999", Json(3)), TestWrite.Put("new", Json(42)), TestWrite.Put("id5", """{"n":[5,6]}"""));
        await test.RestartAsync();
        await test.WriteAsync(TestWrite.Put("id42", """{"note":["one pump","two"]}"""));
        await test.Store.IndexesBuilt;

        test.Store.IndexesOf(TestStore.Sensors).ShouldAllBe(index => index.IsReady);
        await CompareAsync(test);
    }

    [Fact]
    public async Task Indexes_follow_changes_truncation_and_the_end_of_a_collection()
    {
        await using var test = await TestStore.CreateAsync(mapping: Mapped);
        await FillAsync(test, 0, 1000);
        await test.WriteAsync([.. Enumerable.Range(0, 500).Select(i => i % 2 == 0 ? TestWrite.Put($"id{i}", Json(i + 4000)) : TestWrite.Delete($"id{i}"))]);
        await CompareAsync(test);

        await test.Store.TruncateAsync(TestStore.Sensors, CancellationToken.None);
        (await test.IdsAsync("""{"query":{"match":{"note":"pump"}},"sort":"n"}""")).ShouldBe("");
        await FillAsync(test, 0, 100);
        await CompareAsync(test);

        await test.Store.DeleteCollectionAsync(TestStore.Sensors, CancellationToken.None);
        await test.DefineAsync(TestStore.Sensors, Mapped);
        (await test.IdsAsync("""{"query":{"match":{"note":"pump"}}}""")).ShouldBe("");
    }

    [Fact]
    public async Task Another_type_of_a_field_makes_its_index_anew()
    {
        await using var test = await TestStore.CreateAsync(mapping: """{"properties":{"v":{"type":"keyword"}}}""");
        await test.WriteAsync(TestWrite.Put("a", """{"v":"10"}"""), TestWrite.Put("b", """{"v":9}"""));
        (await test.IdsAsync("""{"sort":"v"}""")).ShouldBe("a b");

        await test.DefineAsync(TestStore.Sensors, """{"properties":{"v":{"type":"integer"}}}""");
        await test.Store.IndexesBuilt;

        (await test.IdsAsync("""{"sort":"v"}""")).ShouldBe("b a");
        (await test.IdsAsync("""{"query":{"range":{"v":{"gte":10}}}}""")).ShouldBe("a");
        test.Store.IndexesOf(TestStore.Sensors).Single(index => index.Field == "v").Kind.ShouldBe("number");
    }

    [Fact]
    public async Task A_refused_neighbour_leaves_the_indexes_in_step()
    {
        await using var test = await TestStore.CreateAsync(mapping: Mapped);
        var bad = new TestWrite("bad", _ => throw new InvalidOperationException("refused"));
        var good = test.WriteAsync(TestWrite.Put("good", """{"site":["a","b"],"note":"pump"}"""));

        await Should.ThrowAsync<InvalidOperationException>(() => test.WriteAsync(TestWrite.Put("lost", """{"site":"a","note":"pump"}"""), bad));
        await good;

        (await test.IdsAsync("""{"query":{"terms":{"site":["a","b"]}}}""")).ShouldBe("good");
        (await test.IdsAsync("""{"query":{"match":{"note":"pump"}}}""")).ShouldBe("good");
    }

    /// <summary>The same question within a nonsense that no index answers: by the documents alone.</summary>
    private static async Task CompareAsync(TestStore test)
    {
        foreach (var query in Queries)
        {
            var alone = """{"query":{"bool":{"should":[""" + query + """,{"term":{"nothing":"x"}}],"minimum_should_match":1}},"sort":"_doc"}""";
            foreach (var sort in new[] { "_doc", "n", "at" })
            {
                var expected = (await test.IdsAsync(alone.Replace("_doc", sort, StringComparison.Ordinal), size: 10_000)).Split(' ');
                (await test.IdsAsync($"{{\"query\":{query},\"sort\":\"{sort}\"}}", size: 10_000)).Split(' ').ShouldBe(expected, query);
            }

            var found = await test.SearchAsync($"{{\"query\":{query}}}", size: 1);
            found.Total.ShouldBe((await test.SearchAsync(alone, size: 0)).Total, query);
        }
    }

    private static async Task FillAsync(TestStore test, int from, int count) =>
        await test.WriteAsync([.. Enumerable.Range(from, count).Select(i => TestWrite.Create($"id{i}", Json(i)))]);

    private static string Json(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"site\":\"s{i % 10}\",\"n\":{i},\"on\":{(i % 3 == 0 ? "true" : "false")},\"at\":{i * 1000},\"note\":\"Pump number {i % 50}\"}}");
}
