namespace Kuzzle.Edge.Sqlite.Tests.Search;

public sealed class RefusalTests : IAsyncLifetime
{
    private const string BadRequest = "services.storage.unexpected_bad_request";
    private TestStore _test = null!;

    public async Task InitializeAsync()
    {
        _test = await TestStore.CreateAsync(mapping: WorkedExamples.Mapping);
        await _test.PutAsync("d1", """{"site":"north"}""");
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData("equals")]
    [InlineData("fuzzy")]
    [InlineData("script")]
    [InlineData("more_like_this")]
    [InlineData("function_score")]
    [InlineData("span_term")]
    [InlineData("has_child")]
    [InlineData("has_parent")]
    [InlineData("percolate")]
    [InlineData("")]
    public async Task A_clause_outside_the_subset_is_refused_by_name(string clause)
    {
        var outcome = await _test.SearchAsync($"{{\"query\":{{\"bool\":{{\"must\":[{{\"{clause}\":{{\"site\":\"north\"}}}}]}}}}}}");

        outcome.Refusal!.Id.ShouldBe("services.storage.unknown_query_keyword");
        outcome.Refusal.Code.ShouldBe(16842797);
        outcome.Refusal.Status.ShouldBe(400);
        outcome.Refusal.Props.ShouldBe([clause]);
        outcome.Refusal.Message.ShouldContain($"\"{clause}\"");
        outcome.Hits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"query":{"term":{"site":null}}}""")]
    [InlineData("""{"query":{"term":{"site":["a"]}}}""")]
    [InlineData("""{"query":{"term":{}}}""")]
    [InlineData("""{"query":{"term":"site"}}""")]
    [InlineData("""{"query":{"term":{"a":1,"b":2}}}""")]
    [InlineData("""{"query":{"term":{"n":"ten"}}}""")]
    [InlineData("""{"query":{"term":{"n":true}}}""")]
    [InlineData("""{"query":{"term":{"on":"maybe"}}}""")]
    [InlineData("""{"query":{"term":{"at":"yesterday"}}}""")]
    [InlineData("""{"query":{"term":{"site":{"value":"a","fuzziness":1}}}}""")]
    [InlineData("""{"query":{"term":{"site":{}}}}""")]
    [InlineData("""{"query":{"terms":{"site":"north"}}}""")]
    [InlineData("""{"query":{"terms":{"site":[null]}}}""")]
    [InlineData("""{"query":{"terms":{"site":[{}]}}}""")]
    [InlineData("""{"query":{"range":{"n":5}}}""")]
    [InlineData("""{"query":{"range":{"n":{"above":5}}}}""")]
    [InlineData("""{"query":{"range":{"at":{"gte":"now-1x"}}}}""")]
    [InlineData("""{"query":{"range":{"at":{"gte":"now+99999999y"}}}}""")]
    [InlineData("""{"query":{"range":{"at":{"gte":"2024-13-01"}}}}""")]
    [InlineData("""{"query":{"range":{"at":{"gte":"2024-05-01","time_zone":"Mars/Olympus"}}}}""")]
    [InlineData("""{"query":{"exists":{}}}""")]
    [InlineData("""{"query":{"exists":{"field":5}}}""")]
    [InlineData("""{"query":{"ids":{}}}""")]
    [InlineData("""{"query":{"ids":{"values":[{}]}}}""")]
    [InlineData("""{"query":{"bool":{"must":"x"}}}""")]
    [InlineData("""{"query":{"bool":{"must":[{}]}}}""")]
    [InlineData("""{"query":{"bool":{"mustt":[]}}}""")]
    [InlineData("""{"query":{"bool":{"should":[],"minimum_should_match":"some"}}}""")]
    [InlineData("""{"query":{"match":{"note":{"query":"a","operator":"xor"}}}}""")]
    [InlineData("""{"query":{"prefix":{"n":"1"}}}""")]
    [InlineData("""{"query":{"match_phrase_prefix":{"site":"no"}}}""")]
    [InlineData("""{"query":{"multi_match":{"fields":["*"]}}}""")]
    [InlineData("""{"query":{"multi_match":{"query":"a","fields":[1]}}}""")]
    [InlineData("""{"query":{"multi_match":{"query":"a","type":"cross_fields"}}}""")]
    [InlineData("""{"query":{"match_all":{},"term":{"a":1}}}""")]
    [InlineData("""{"query":[]}""")]
    [InlineData("""{"query":{"match_all":{"boost":"x"}}}""")]
    [InlineData("""{"sort":5}""")]
    [InlineData("""{"sort":[5]}""")]
    [InlineData("""{"sort":{"n":"up"}}""")]
    [InlineData("""{"sort":{"n":{"order":"asc","up":1}}}""")]
    [InlineData("""{"sort":"note"}""")]
    [InlineData("""{"sort":{"n":{"missing":[1]}}}""")]
    [InlineData("""{"sort":{"n":{"missing":"ten"}}}""")]
    [InlineData("""{"search_after":[1]}""")]
    [InlineData("""{"sort":"n","search_after":[1,2]}""")]
    [InlineData("""{"sort":"n","search_after":1}""")]
    [InlineData("""{"sort":"n","search_after":[{}]}""")]
    [InlineData("""{"sort":"n","search_after":["ten"]}""")]
    [InlineData("""{"_source":5}""")]
    [InlineData("""{"suggest":{"text":"a"}}""")]
    [InlineData("""{"query":{"match_phrase":{"note":{"query":"a b","slop":-1}}}}""")]
    [InlineData("""{"query":{"nested":{"path":"ev","query":{"match_all":{}}}}}""")]
    [InlineData("""{"query":{"nested":{"path":"alarms"}}}""")]
    [InlineData("""{"query":{"nested":{"path":"alarms","query":{"match_all":{}},"inner_hits":{}}}}""")]
    [InlineData("""{"query":{"geo_distance":{"distance":"2 parsecs","pos":"1,2"}}}""")]
    [InlineData("""{"query":{"geo_distance":{"distance":"2km","pos":"?"}}}""")]
    [InlineData("""{"query":{"geo_distance":{"distance":"2km","n":"1,2"}}}""")]
    [InlineData("""{"query":{"geo_distance":{"pos":"1,2"}}}""")]
    [InlineData("""{"query":{"geo_bounding_box":{"pos":{"top_left":"1,2"}}}}""")]
    [InlineData("""{"query":{"geo_bounding_box":{"pos":{"top":1,"left":0,"bottom":2,"right":1}}}}""")]
    [InlineData("""{"query":{"geo_polygon":{"pos":{"points":["1,2","2,3"]}}}}""")]
    [InlineData("""{"query":{"regexp":{"site":"(a"}}}""")]
    [InlineData("""{"query":{"regexp":{"site":"[a"}}}""")]
    [InlineData("""{"query":{"regexp":{"site":"a{3,1}"}}}""")]
    [InlineData("""{"query":{"regexp":{"site":"(a|b|c|d|e|f)*a(a|b|c|d|e|f){30}"}}}""")]
    [InlineData("""{"query":{"regexp":{"n":"1.*"}}}""")]
    [InlineData("""{"query":{"query_string":{"query":"note:(pump"}}}""")]
    [InlineData("""{"query":{"query_string":{"query":"n:[1 TO"}}}""")]
    [InlineData("""{"query":{"query_string":{"query":"AND pump"}}}""")]
    [InlineData("""{"query":{"query_string":{"query":"note:pomp~"}}}""")]
    [InlineData("""{"query":{"query_string":{"query":"n:abc"}}}""")]
    [InlineData("""{"query":{"query_string":{}}}""")]
    [InlineData("""{"query":{"simple_query_string":{"query":"a","wrong":1}}}""")]
    [InlineData("""{"aggs":{"a":{"significant_terms":{"field":"site"}}}}""")]
    [InlineData("""{"aggs":{"a":{"terms":{"field":"note"}}}}""")]
    [InlineData("""{"aggs":{"a":{"terms":{"field":"site","script":"x"}}}}""")]
    [InlineData("""{"aggs":{"a":{"terms":{"field":"site","size":0}}}}""")]
    [InlineData("""{"aggs":{"a":{"terms":{"field":"site","order":{"m":"asc"}}}}}""")]
    [InlineData("""{"aggs":{"a":{"max":{"field":"site"}}}}""")]
    [InlineData("""{"aggs":{"a":{"max":{}}}}""")]
    [InlineData("""{"aggs":{"a":{"max":{"field":"n"},"aggs":{"b":{"max":{"field":"n"}}}}}}""")]
    [InlineData("""{"aggs":{"a":{"max":{"field":"n"},"min":{"field":"n"}}}}""")]
    [InlineData("""{"aggs":{"a":{"histogram":{"field":"n","interval":0}}}}""")]
    [InlineData("""{"aggs":{"a":{"date_histogram":{"field":"at"}}}}""")]
    [InlineData("""{"aggs":{"a":{"date_histogram":{"field":"at","calendar_interval":"2M"}}}}""")]
    [InlineData("""{"aggs":{"a":{"date_histogram":{"field":"at","fixed_interval":"1M"}}}}""")]
    [InlineData("""{"aggs":{"a":{"range":{"field":"n"}}}}""")]
    [InlineData("""{"aggs":{"a":{"filters":{"filters":5}}}}""")]
    [InlineData("""{"aggs":{"a":{"top_hits":{"size":101}}}}""")]
    [InlineData("""{"aggs":{"a":{}}}""")]
    [InlineData("""{"aggs":[]}""")]
    [InlineData("""{"aggs":{"a":{"max":{"field":"n"}}},"aggregations":{"a":{"max":{"field":"n"}}}}""")]
    [InlineData("""{"collapse":{"field":"note"}}""")]
    [InlineData("""{"collapse":{"field":"site","inner_hits":{}}}""")]
    [InlineData("""{"collapse":{"field":"site"},"sort":"n","search_after":[2]}""")]
    [InlineData("""{"collapse":{"field":"n"},"sort":["n","site"],"search_after":[2,"north"]}""")]
    [InlineData("""{"aggs":{"a":{"avg":{"field":"n"},"meta":1}}}""")]
    [InlineData("""{"highlight":{"fields":{"note":{"colour":"red"}}}}""")]
    [InlineData("""{"sort":{"pos":"asc"}}""")]
    [InlineData("""{"sort":{"_geo_distance":{"order":"asc"}}}""")]
    [InlineData("""{"sort":{"site":{"mode":"avg"}}}""")]
    [InlineData("""{"_source":[5]}""")]
    [InlineData("""{"_source":{"only":"a"}}""")]
    public async Task A_wrong_search_is_refused_with_a_reason(string body)
    {
        var outcome = await _test.SearchAsync(body);

        outcome.Refusal!.Id.ShouldBe(BadRequest);
        outcome.Refusal.Code.ShouldBe(16842785);
        outcome.Refusal.Status.ShouldBe(400);
        outcome.Refusal.Props.ShouldHaveSingleItem().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_empty_aggregations_object_asks_for_nothing() => (await _test.IdsAsync("""{"aggs":{},"query":{}}""")).ShouldBe("d1");

    [Fact]
    public async Task A_query_has_a_bound_on_its_depth_and_its_breadth()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"bool":{"must":""", 31)) + """{"match_all":{}}""" + string.Concat(Enumerable.Repeat("}}", 31));
        var deeper = string.Concat(Enumerable.Repeat("""{"bool":{"must":""", 32)) + """{"match_all":{}}""" + string.Concat(Enumerable.Repeat("}}", 32));
        var wide = string.Join(',', Enumerable.Repeat("""{"term":{"site":"north"}}""", 1023));
        var wider = string.Join(',', Enumerable.Repeat("""{"term":{"site":"north"}}""", 1024));
        var terms = string.Join(',', Enumerable.Range(0, 65_535).Select(n => $"\"{n}\"").Append("\"north\""));

        (await _test.IdsAsync($"{{\"query\":{deep}}}")).ShouldBe("d1");
        (await _test.IdsAsync($"{{\"query\":{deeper}}}")).ShouldStartWith(BadRequest);
        (await _test.IdsAsync($"{{\"query\":{{\"bool\":{{\"should\":[{wide}]}}}}}}")).ShouldBe("d1");
        (await _test.IdsAsync($"{{\"query\":{{\"bool\":{{\"must\":[{wide}]}}}}}}")).ShouldBe("d1");
        (await _test.IdsAsync($"{{\"query\":{{\"bool\":{{\"should\":[{wide}],\"minimum_should_match\":1000}}}}}}")).ShouldBe("d1");
        (await _test.IdsAsync($"{{\"query\":{{\"bool\":{{\"should\":[{wider}]}}}}}}")).ShouldStartWith(BadRequest);
        (await _test.IdsAsync($"{{\"query\":{{\"terms\":{{\"site\":[{terms}]}}}}}}")).ShouldBe("d1");
        (await _test.IdsAsync($"{{\"query\":{{\"terms\":{{\"site\":[{terms},\"x\"]}}}}}}")).ShouldStartWith(BadRequest);
    }

    [Theory]
    [InlineData("a' OR 1=1 --")]
    [InlineData("a\") OR 1=1; DROP TABLE documents_1; --")]
    [InlineData("$.site")]
    [InlineData("site\"]")]
    [InlineData("?1")]
    [InlineData("site.")]
    [InlineData(".site")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("site\u0000")]
    [InlineData("a\\\"b")]
    public async Task A_name_or_value_is_never_taken_for_anything_else(string hostile)
    {
        var text = System.Text.Json.JsonEncodedText.Encode(hostile);
        await _test.PutAsync("odd", $"{{\"{text}\":\"{text}\"}}");

        (await _test.IdsAsync($"{{\"query\":{{\"term\":{{\"{text}\":\"north\"}}}}}}")).ShouldBe("");
        (await _test.IdsAsync($"{{\"query\":{{\"term\":{{\"site\":\"{text}\"}}}}}}")).ShouldBe("");
        (await _test.IdsAsync($"{{\"query\":{{\"term\":{{\"{text}\":\"{text}\"}}}}}}")).ShouldBe("odd");
        (await _test.IdsAsync($"{{\"query\":{{\"exists\":{{\"field\":\"{text}\"}}}},\"sort\":\"{text}\"}}")).ShouldBe("odd");
        (await _test.IdsAsync($"{{\"query\":{{\"ids\":{{\"values\":[\"{text}\"]}}}}}}")).ShouldBe("");
        (await _test.IdsAsync($"{{\"sort\":[{{\"{text}\":\"asc\"}}],\"search_after\":[\"{text}\"]}}")).ShouldBe("d1");
        (await _test.IdsAsync("{}")).ShouldBe("d1 odd");
    }
}
