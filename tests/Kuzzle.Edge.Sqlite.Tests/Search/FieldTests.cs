using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests.Search;

public sealed class FieldTests
{
    [Theory]
    [InlineData("""{"a":{"b":5}}""", "object within object")]
    [InlineData("""{"a.b":5}""", "a name with a dot")]
    [InlineData("""{"a":[{"b":1},{"b":5}]}""", "array of objects")]
    [InlineData("""{"a":[[{"b":[[5]]}]]}""", "arrays of arrays")]
    [InlineData("""{"a":1,"x":{"a":{"b":6}},"a.b":[4,5]}""", "several ways")]
    [InlineData("""{"\u0061":{"b":5.0}}""", "an escaped name")]
    [InlineData("""{"a":{"c":{"b":1},"b":5e0}}""", "a sibling object")]
    public async Task A_field_is_found_however_it_is_written(string json, string how)
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("hit", json);
        await test.PutAsync("miss", """{"b":5,"a":{"c":5,"bb":5},"ab":5}""");

        (await test.IdsAsync("""{"query":{"term":{"a.b":5}}}""")).ShouldBe("hit", how);
    }

    [Fact]
    public async Task Without_a_mapping_a_value_is_compared_by_its_type()
    {
        await using var test = await TestStore.CreateAsync();
        await test.WriteAsync(
            TestWrite.Put("number", """{"v":1}"""),
            TestWrite.Put("real", """{"v":1.0}"""),
            TestWrite.Put("text", """{"v":"1"}"""),
            TestWrite.Put("true", """{"v":true}"""),
            TestWrite.Put("false", """{"v":[false,null]}"""),
            TestWrite.Put("object", """{"v":{"v":1}}"""),
            TestWrite.Put("null", """{"v":null}"""));

        (await test.IdsAsync("""{"query":{"term":{"v":1}}}""")).ShouldBe("number real");
        (await test.IdsAsync("""{"query":{"term":{"v":"1"}}}""")).ShouldBe("text");
        (await test.IdsAsync("""{"query":{"term":{"v":true}}}""")).ShouldBe("true");
        (await test.IdsAsync("""{"query":{"terms":{"v":[false,"1"]}}}""")).ShouldBe("text false");
        (await test.IdsAsync("""{"query":{"range":{"v":{"gte":0}}}}""")).ShouldBe("number real");
        (await test.IdsAsync("""{"query":{"range":{"v":{"lt":"2"}}}}""")).ShouldBe("text");
        (await test.IdsAsync("""{"query":{"exists":{"field":"v"}}}""")).ShouldBe("number real text true false object");
        (await test.IdsAsync("""{"sort":"v"}""")).ShouldBe("number real text false true object null");
        (await test.IdsAsync("""{"sort":{"v":"desc"}}""")).ShouldBe("true false text number real object null");
        (await test.IdsAsync("""{"sort":"v","search_after":["1"]}""")).ShouldBe("false true object null");
        (await test.IdsAsync("""{"sort":"v","search_after":[false]}""")).ShouldBe("true object null");
    }

    [Fact]
    public async Task Whole_numbers_are_exact_beyond_what_a_double_holds()
    {
        await using var test = await TestStore.CreateAsync(mapping: """{"properties":{"n":{"type":"long"}}}""");
        await test.WriteAsync(
            TestWrite.Put("even", """{"n":9007199254740992}"""),
            TestWrite.Put("odd", """{"n":9007199254740993}"""),
            TestWrite.Put("huge", """{"n":1e300}"""),
            TestWrite.Put("last", """{"n":"9223372036854775807"}"""));

        (await test.IdsAsync("""{"query":{"term":{"n":9007199254740993}}}""")).ShouldBe("odd");
        (await test.IdsAsync("""{"query":{"range":{"n":{"gt":9007199254740992}}}}""")).ShouldBe("odd huge last");
        (await test.IdsAsync("""{"sort":{"n":"desc"}}""")).ShouldBe("huge last odd even");
    }

    [Fact]
    public async Task A_sub_field_reads_the_same_values_in_another_way()
    {
        await using var test = await TestStore.CreateAsync(mapping: """{"properties":{"name":{"type":"text","fields":{"keyword":{"type":"keyword"}}}}}""");
        await test.PutAsync("a", """{"name":"Big Pump"}""");
        await test.PutAsync("b", """{"name":"Small Pump"}""");

        (await test.IdsAsync("""{"query":{"term":{"name.keyword":"Big Pump"}}}""")).ShouldBe("a");
        (await test.IdsAsync("""{"query":{"match":{"name":"big"}}}""")).ShouldBe("a");
        (await test.IdsAsync("""{"sort":{"name.keyword":"desc"}}""")).ShouldBe("b a");
    }

    [Fact]
    public async Task The_marks_that_Kuzzle_sets_have_their_types()
    {
        await using var test = await TestStore.CreateAsync();
        await test.PutAsync("a", """{"_kuzzle_info":{"author":"-1","createdAt":1714521600000,"updatedAt":null,"updater":null}}""");
        await test.PutAsync("b", """{"_kuzzle_info":{"author":"jo","createdAt":1714608000000,"updatedAt":1714608000001,"updater":"jo"}}""");

        (await test.IdsAsync("""{"sort":{"_kuzzle_info.createdAt":"desc"}}""")).ShouldBe("b a");
        (await test.IdsAsync("""{"query":{"range":{"_kuzzle_info.createdAt":{"gte":"2024-05-02"}}}}""")).ShouldBe("b");
        (await test.IdsAsync("""{"query":{"term":{"_kuzzle_info.author":-1}}}""")).ShouldBe("a");
        (await test.IdsAsync("""{"query":{"exists":{"field":"_kuzzle_info.updater"}}}""")).ShouldBe("b");
    }

    [Fact]
    public async Task Several_collections_are_one_result_each_by_its_own_mapping()
    {
        await using var test = await TestStore.CreateAsync(mapping: """{"properties":{"v":{"type":"keyword"}}}""");
        var numbers = new CollectionName("other", "numbers");
        await test.DefineAsync(numbers, """{"properties":{"v":{"type":"integer"}}}""");
        await test.WriteAsync(TestWrite.Put("k1", """{"v":"1"}"""), TestWrite.Put("k2", """{"v":1}"""), TestWrite.Put("k3", """{"v":"1.0"}"""));
        await test.Store.WriteAsync(numbers, [TestWrite.Put("n1", """{"v":"1.0"}"""), TestWrite.Put("n2", """{"v":2}""")], CancellationToken.None);
        var request = new SearchRequest
        {
            Targets = [TestStore.Sensors, numbers, new CollectionName("other", "gone"), numbers],
            Body = TestStore.Json("""{"query":{"term":{"v":"1"}},"sort":{"_id":"desc"}}"""),
            Size = 2,
        };

        var outcome = await test.Store.SearchAsync(request, CancellationToken.None);

        outcome.Hits.Select(hit => $"{hit.Collection}/{hit.Document.Id}").ShouldBe(["other/numbers/n1", "edge/sensors/k2"]);
        outcome.Total.ShouldBe(3);
    }
}
