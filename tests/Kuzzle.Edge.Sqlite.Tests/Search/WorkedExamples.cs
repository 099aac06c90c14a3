namespace Kuzzle.Edge.Sqlite.Tests.Search;

/// <summary>Six documents whose answers to queries are written down in the reference of Kuzzle's search.</summary>
public sealed class WorkedExamples : IAsyncLifetime
{
    public const string Mapping = """
        {"dynamic":"false","properties":{
          "site":{"type":"keyword"},"tags":{"type":"keyword"},"dev":{"properties":{"id":{"type":"keyword"},"fw":{"type":"keyword"}}},
          "temp":{"type":"float"},"n":{"type":"integer"},"on":{"type":"boolean"},"at":{"type":"date"},"note":{"type":"text"},"pos":{"type":"geo_point"},
          "alarms":{"type":"nested","properties":{"code":{"type":"keyword"},"sev":{"type":"integer"}}},
          "ev":{"type":"object","properties":{"code":{"type":"keyword"},"sev":{"type":"integer"}}}}}
        """;

    private static readonly (string Id, string Json)[] Documents =
    [
        ("d1", """{"site":"north","tags":["a","b"],"temp":21.5,"n":1,"on":true,"at":"2024-05-01T00:00:00Z","note":"Pump started OK","pos":{"lat":48.8566,"lon":2.3522},"dev":{"id":"TH-1","fw":"1.2.0"},"alarms":[{"code":"E1","sev":1},{"code":"E2","sev":3}],"ev":[{"code":"E1","sev":1},{"code":"E2","sev":3}]}"""),
        ("d2", """{"site":"North","tags":["b"],"temp":19,"n":2,"on":false,"at":"2024-05-01T12:30:00Z","note":"pump stopped: error E2","pos":"48.8600,2.3400","dev":{"id":"TH-2","fw":"1.2.0"},"alarms":[{"code":"E1","sev":3}],"ev":[{"code":"E1","sev":3}]}"""),
        ("d3", """{"site":"south","tags":[],"temp":null,"n":3,"on":true,"at":1714608000000,"note":"","pos":[5.3698,43.2965],"dev":{"id":"CO-7"}}"""),
        ("d4", """{"site":["south","roof"],"temp":-3.25,"n":10,"at":"2024-05-31T23:59:59.999Z","note":"re-started the pump-station","pos":null,"dev":{}}"""),
        ("d5", """{"temp":"21.5","n":20,"on":"true","tags":null,"at":"2024-06-01T00:00:00Z","note":["first alarm","second pump"],"other":"x"}"""),
        ("d6", """{"site":"","tags":["A"],"n":null}"""),
    ];

    private TestStore _test = null!;

    public async Task InitializeAsync()
    {
        _test = await TestStore.CreateAsync(mapping: Mapping);
        foreach (var (id, json) in Documents) await _test.PutAsync(id, json);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData("""{"term":{"site":"north"}}""", "d1")]
    [InlineData("""{"term":{"site":"south"}}""", "d3 d4")]
    [InlineData("""{"term":{"site":""}}""", "d6")]
    [InlineData("""{"term":{"temp":21.5}}""", "d1 d5")]
    [InlineData("""{"term":{"on":true}}""", "d1 d3 d5")]
    [InlineData("""{"term":{"on":false}}""", "d2")]
    [InlineData("""{"term":{"n":"10"}}""", "d4")]
    [InlineData("""{"term":{"note":"Pump"}}""", "")]
    [InlineData("""{"term":{"note":"pump"}}""", "d1 d2 d4 d5")]
    [InlineData("""{"term":{"site":{"value":"NORTH","case_insensitive":true}}}""", "d1 d2")]
    [InlineData("""{"term":{"_id":"d2"}}""", "d2")]
    [InlineData("""{"term":{"at":"2024-05-01"}}""", "d1 d2")]
    [InlineData("""{"term":{"dev.id":"TH-2"}}""", "d2")]
    public Task Term(string query, string ids) => FindsAsync(query, ids);

    [Fact]
    public Task A_field_without_a_mapping_is_searchable_here_unlike_in_the_cloud() => FindsAsync("""{"term":{"other":"x"}}""", "d5");

    [Theory]
    [InlineData("""{"terms":{"site":["north","roof"]}}""", "d1 d4")]
    [InlineData("""{"terms":{"n":[2,"10"]}}""", "d2 d4")]
    [InlineData("""{"terms":{"tags":[]}}""", "")]
    [InlineData("""{"terms":{"_id":["d5","d1"]}}""", "d1 d5")]
    [InlineData("""{"terms":{"on":[false]}}""", "d2")]
    [InlineData("""{"terms":{"at":["2024-05-01",1714608000000]}}""", "d1 d2 d3")]
    public Task Terms(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"range":{"n":{"gte":2,"lt":10}}}""", "d2 d3")]
    [InlineData("""{"range":{"temp":{"gt":null,"lte":0}}}""", "d4")]
    [InlineData("""{"range":{"site":{"gte":"n","lt":"o"}}}""", "d1")]
    [InlineData("""{"range":{"at":{"gte":"2024-05-01","lt":"2024-05-02"}}}""", "d1 d2")]
    [InlineData("""{"range":{"at":{"gte":"2024-05-01||/M","lte":"2024-05-01||/M"}}}""", "d1 d2 d3 d4")]
    [InlineData("""{"range":{"at":{"gt":"2024-05-01||/d"}}}""", "d3 d4 d5")]
    [InlineData("""{"range":{"at":{"gte":"now-1d/d"}}}""", "d4 d5")]
    [InlineData("""{"range":{"at":{"gt":"now-1d/d"}}}""", "d5")]
    [InlineData("""{"range":{"at":{"lt":"now/d"}}}""", "d1 d2 d3 d4")]
    [InlineData("""{"range":{"at":{"gte":"2024-06-01T02:00","time_zone":"+02:00"}}}""", "d5")]
    [InlineData("""{"range":{"at":{"lte":"2024-05-01"}}}""", "d1 d2")]
    [InlineData("""{"range":{"at":{"gt":1714521600000,"lt":1714608000000}}}""", "d2")]
    [InlineData("""{"range":{"n":{}}}""", "d1 d2 d3 d4 d5")]
    [InlineData("""{"range":{"_id":{"gt":"d4"}}}""", "d5 d6")]
    public Task Range(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"exists":{"field":"site"}}""", "d1 d2 d3 d4 d6")]
    [InlineData("""{"exists":{"field":"tags"}}""", "d1 d2 d6")]
    [InlineData("""{"exists":{"field":"temp"}}""", "d1 d2 d4 d5")]
    [InlineData("""{"exists":{"field":"dev"}}""", "d1 d2 d3")]
    [InlineData("""{"exists":{"field":"pos"}}""", "d1 d2 d3")]
    [InlineData("""{"exists":{"field":"note"}}""", "d1 d2 d3 d4 d5")]
    [InlineData("""{"bool":{"must_not":{"exists":{"field":"on"}}}}""", "d4 d6")]
    public Task Exists(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"ids":{"values":["d3","zz","d1"]}}""", "d1 d3")]
    [InlineData("""{"ids":{"values":[]}}""", "")]
    public Task Ids(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"bool":{"must":[{"term":{"on":true}}],"should":[{"term":{"n":3}}]}}""", "d3 d1 d5")]
    [InlineData("""{"bool":{"should":[{"term":{"n":1}},{"term":{"n":2}}]}}""", "d1 d2")]
    [InlineData("""{"bool":{"filter":{"exists":{"field":"temp"}},"must_not":[{"term":{"tags":"b"}}]}}""", "d4 d5")]
    [InlineData("""{"bool":{"filter":[{"term":{"on":true}}],"should":[{"term":{"n":1}},{"range":{"n":{"gte":20}}}],"minimum_should_match":1}}""", "d1 d5")]
    [InlineData("""{"bool":{}}""", "d1 d2 d3 d4 d5 d6")]
    [InlineData("""{"bool":{"should":[{"term":{"on":true}},{"term":{"n":1}},{"term":{"tags":"b"}}],"minimum_should_match":"34%"}}""", "d1 d2 d3 d5")]
    [InlineData("""{"bool":{"should":[{"term":{"on":true}},{"term":{"n":1}},{"term":{"tags":"b"}}],"minimum_should_match":-1}}""", "d1")]
    [InlineData("""{"bool":{"must":[{"term":{"ev.code":"E1"}},{"term":{"ev.sev":3}}]}}""", "d1 d2")]
    [InlineData("""{"term":{"alarms.code":"E1"}}""", "")]
    [InlineData("""{"constant_score":{"filter":{"term":{"on":true}}}}""", "d1 d3 d5")]
    [InlineData("""{"bool":{"should":[{"exists":{"field":"on"}},{"match_none":{}},{"ids":{"values":["d2"]}}],"minimum_should_match":2}}""", "d2")]
    [InlineData("""{"bool":{"should":[{"bool":{"must_not":{"term":{"n":1}}}},{"term":{"on":true}},{"term":{"n":20}}],"minimum_should_match":2}}""", "d5 d3")]
    [InlineData("""{"bool":{"must":[{"term":{"on":true}}],"should":[],"minimum_should_match":1}}""", "d1 d3 d5")]
    [InlineData("""{"bool":{"should":[{"term":{"n":1}}],"minimum_should_match":0}}""", "d1")]
    [InlineData("""{"bool":{"must":[{"term":{"on":true}}],"should":[{"term":{"n":3}}],"minimum_should_match":0}}""", "d3 d1 d5")]
    [InlineData("""{"match_none":{}}""", "")]
    public Task Bool(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"match":{"note":"pump error"}}""", "d2 d1 d4 d5")]
    [InlineData("""{"match":{"note":{"query":"pump error","operator":"and"}}}""", "d2")]
    [InlineData("""{"match":{"note":{"query":"PUMP-STATION","operator":"and"}}}""", "d4")]
    [InlineData("""{"match":{"note":"-- !"}}""", "")]
    [InlineData("""{"match":{"site":"north"}}""", "d1")]
    [InlineData("""{"match":{"n":"10"}}""", "d4")]
    [InlineData("""{"match":{"_id":"d2"}}""", "d2")]
    [InlineData("""{"match_phrase":{"note":"pump started"}}""", "d1")]
    [InlineData("""{"match_phrase":{"note":"started pump"}}""", "")]
    [InlineData("""{"match_phrase":{"note":"alarm second"}}""", "")]
    [InlineData("""{"match_phrase":{"site":"north"}}""", "d1")]
    [InlineData("""{"match_phrase_prefix":{"note":"pump st"}}""", "d1 d2 d4")]
    [InlineData("""{"match_phrase_prefix":{"note":"pump sta"}}""", "d1 d4")]
    [InlineData("""{"match_phrase_prefix":{"note":"sta"}}""", "d1 d4")]
    [InlineData("""{"match_phrase_prefix":{"note":"e"}}""", "d2")]
    [InlineData("""{"multi_match":{"query":"pump st","type":"phrase_prefix","fields":["*"]}}""", "d1 d2 d4")]
    [InlineData("""{"multi_match":{"query":"north pump","fields":["site","note^2"]}}""", "d1 d2 d4 d5")]
    [InlineData("""{"multi_match":{"query":"north"}}""", "d1")]
    [InlineData("""{"bool":{"should":[{"multi_match":{"query":"e","type":"phrase_prefix","fields":["*"]}},{"match":{"_id":"d6"}}]}}""", "d2 d6")]
    [InlineData("""{"prefix":{"site":"no"}}""", "d1")]
    [InlineData("""{"prefix":{"site":{"value":"no","case_insensitive":true}}}""", "d1 d2")]
    [InlineData("""{"prefix":{"note":"start"}}""", "d1 d4")]
    [InlineData("""{"prefix":{"_id":"d"}}""", "d1 d2 d3 d4 d5 d6")]
    [InlineData("""{"wildcard":{"site":"*o*"}}""", "d1 d2 d3 d4")]
    [InlineData("""{"wildcard":{"site":"s?uth"}}""", "d3 d4")]
    [InlineData("""{"wildcard":{"site":"n*"}}""", "d1")]
    [InlineData("""{"wildcard":{"site":{"value":"N*H","case_insensitive":true}}}""", "d1 d2")]
    [InlineData("""{"wildcard":{"site":"n\\*"}}""", "")]
    public Task Text(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData(""" "sort":[{"n":"asc"}] """, "d1 d2 d3 d4 d5 d6")]
    [InlineData(""" "sort":{"n":"desc"} """, "d5 d4 d3 d2 d1 d6")]
    [InlineData(""" "sort":{"n":{"order":"asc","missing":"_first"}} """, "d6 d1 d2 d3 d4 d5")]
    [InlineData(""" "sort":{"n":{"order":"asc","missing":5}} """, "d1 d2 d3 d6 d4 d5")]
    [InlineData(""" "sort":[{"temp":"asc"},{"n":"desc"}] """, "d4 d2 d5 d1 d3 d6")]
    [InlineData(""" "sort":[{"tags":"asc"},{"_id":"asc"}] """, "d6 d1 d2 d3 d4 d5")]
    [InlineData(""" "sort":"_id" """, "d1 d2 d3 d4 d5 d6")]
    [InlineData(""" "sort":[{"_id":"desc"}] """, "d6 d5 d4 d3 d2 d1")]
    [InlineData(""" "sort":{"_doc":"desc"} """, "d6 d5 d4 d3 d2 d1")]
    [InlineData(""" "sort":{"site":"desc"} """, "d3 d4 d1 d2 d6 d5")]
    [InlineData(""" "sort":{"site":{"order":"desc","mode":"min"}} """, "d3 d4 d1 d2 d6 d5")]
    [InlineData(""" "sort":{"on":"asc"} """, "d2 d1 d3 d5 d4 d6")]
    [InlineData(""" "sort":{"at":"desc"} """, "d5 d4 d3 d2 d1 d6")]
    [InlineData(""" "sort":{"dev.fw":"asc"} """, "d1 d2 d3 d4 d5 d6")]
    [InlineData(""" "query":{"term":{"on":true}},"sort":["_score",{"n":"desc"}] """, "d5 d3 d1")]
    public async Task Sort(string body, string ids) => (await _test.IdsAsync($"{{{body}}}")).ShouldBe(ids);

    [Fact]
    public async Task A_page_starts_where_it_is_told()
    {
        (await _test.IdsAsync("""{"sort":[{"n":"asc"},{"_id":"asc"}],"search_after":[2,"d2"]}""", size: 2)).ShouldBe("d3 d4");
        (await _test.IdsAsync("""{"sort":[{"n":"asc"},{"_id":"asc"}]}""", from: 2, size: 2)).ShouldBe("d3 d4");
        (await _test.IdsAsync("""{"sort":[{"at":"desc"}],"search_after":["2024-05-31T23:59:59.999Z"]}""", size: 2)).ShouldBe("d3 d2");
        (await _test.IdsAsync("""{"sort":[{"temp":"asc"},{"_id":"asc"}],"search_after":[null,"d3"]}""")).ShouldBe("d6");
        (await _test.IdsAsync("""{"sort":[{"temp":{"order":"asc","missing":"_first"}},{"_id":"asc"}],"search_after":[null,"d3"]}""")).ShouldBe("d6 d4 d2 d1 d5");
        (await _test.IdsAsync("{}", from: 6)).ShouldBe("");
        (await _test.IdsAsync("{}", size: 0)).ShouldBe("");
    }

    [Fact]
    public async Task The_total_is_exact_whatever_the_page_is()
    {
        (await _test.SearchAsync("""{"query":{"term":{"on":true}}}""", size: 0)).Total.ShouldBe(3);
        (await _test.SearchAsync("""{"query":{"term":{"on":true}}}""", size: 1)).Total.ShouldBe(3);
        (await _test.SearchAsync("""{"query":{"term":{"on":true}}}""", from: 2, size: 10)).Total.ShouldBe(3);
        (await _test.SearchAsync("""{"query":{"term":{"on":true}}}""", from: 5, size: 10)).Total.ShouldBe(3);
        (await _test.SearchAsync("""{"query":{"term":{"on":true}},"sort":"_id","search_after":["d1"]}""")).Total.ShouldBe(3);
        (await _test.Store.CountAsync(TestStore.Sensors, TestStore.Json("""{"term":{"on":true}}"""), CancellationToken.None)).Total.ShouldBe(3);
        (await _test.Store.CountAsync(TestStore.Sensors, default, CancellationToken.None)).Total.ShouldBe(6);
    }

    [Theory]
    [InlineData("""{}""", 1.0)]
    [InlineData("""{"query":{"bool":{"filter":{"term":{"n":1}}}}}""", 0.0)]
    [InlineData("""{"query":{"match_all":{"boost":2.5}}}""", 2.5)]
    [InlineData("""{"query":{"bool":{"must":{"term":{"n":1}},"should":{"term":{"on":true}}}}}""", 2.0)]
    [InlineData("""{"sort":"n"}""", null)]
    [InlineData("""{"sort":["_score"]}""", 1.0)]
    public async Task A_hit_has_the_score_of_its_query_and_none_when_sorted(string body, double? score) =>
        (await _test.SearchAsync(body)).Hits[0].Score.ShouldBe(score);

    [Theory]
    [InlineData("""["dev.id","n"]""", """{"n":1,"dev":{"id":"TH-1"}}""")]
    [InlineData("""false""", """{}""")]
    [InlineData(""" "dev.*" """, """{"dev":{"id":"TH-1","fw":"1.2.0"}}""")]
    [InlineData("""{"includes":["ev","dev"],"excludes":["*.sev","dev.fw"]}""", """{"dev":{"id":"TH-1"},"ev":[{"code":"E1"},{"code":"E2"}]}""")]
    [InlineData("""["nothing"]""", """{}""")]
    [InlineData("""["ta*"]""", """{"tags":["a","b"]}""")]
    public async Task Source_shows_what_was_asked_for(string source, string shown) =>
        (await _test.SearchAsync($"{{\"_source\":{source},\"query\":{{\"term\":{{\"_id\":\"d1\"}}}}}}")).Hits[0].Source!.ToJsonString().ShouldBe(shown);

    [Fact]
    public async Task Without_a_source_filter_a_hit_is_the_whole_document()
    {
        var hit = (await _test.SearchAsync("""{"query":{"term":{"_id":"d6"}},"_source":true}""")).Hits.ShouldHaveSingleItem();

        hit.Source.ShouldBeNull();
        TestStore.Text(hit.Document).ShouldBe("""{"site":"","tags":["A"],"n":null}""");
        hit.Collection.ShouldBe(TestStore.Sensors);
        hit.Document.Version.ShouldBe(1);
    }

    private async Task FindsAsync(string query, string ids)
    {
        (await _test.IdsAsync($"{{\"query\":{query}}}")).ShouldBe(ids);

        var count = await _test.Store.CountAsync(TestStore.Sensors, TestStore.Json(query), CancellationToken.None);
        count.Total.ShouldBe(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
