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
    [InlineData("""{"match_phrase":{"note":{"query":"pump error","slop":1}}}""", "d2")]
    [InlineData("""{"match_phrase":{"note":{"query":"started pump","slop":2}}}""", "d1 d4")]
    [InlineData("""{"regexp":{"site":"nor"}}""", "")]
    [InlineData("""{"regexp":{"site":"[nN].*"}}""", "d1 d2")]
    [InlineData("""{"regexp":{"site":".*[oO][uU][tT].*"}}""", "d3 d4")]
    [InlineData("""{"regexp":{"site":{"value":"NORTH","case_insensitive":true}}}""", "d1 d2")]
    [InlineData("""{"regexp":{"site":"~(n.*)"}}""", "d2 d3 d4 d6")]
    [InlineData("""{"regexp":{"site":"s@&@h"}}""", "d3 d4")]
    [InlineData("""{"regexp":{"site":"^north$"}}""", "")]
    [InlineData("""{"regexp":{"dev.fw":"1\\.<2-3>\\.0"}}""", "d1 d2")]
    [InlineData("""{"regexp":{"note":"sta.*"}}""", "d1 d4")]
    public Task Patterns(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"geo_distance":{"distance":"2km","pos":"48.8566,2.3522"}}""", "d1 d2")]
    [InlineData("""{"geo_distance":{"distance":"500m","pos":"48.8566,2.3522"}}""", "d1")]
    [InlineData("""{"geo_distance":{"distance":2000,"pos":"48.8566,2.3522"}}""", "d1 d2")]
    [InlineData("""{"geo_distance":{"distance":"2km","pos":[2.3522,48.8566]}}""", "d1 d2")]
    [InlineData("""{"geo_distance":{"distance":"2km","pos":[48.8566,2.3522]}}""", "")]
    [InlineData("""{"geo_distance":{"distance":"1.1nmi","pos":"POINT (2.3522 48.8566)"}}""", "d1 d2")]
    [InlineData("""{"geo_distance":{"distance":"2km","pos":"u09tvw0f"}}""", "d1 d2")]
    [InlineData("""{"geo_bounding_box":{"pos":{"top_left":{"lat":49,"lon":2},"bottom_right":{"lat":48,"lon":3}}}}""", "d1 d2")]
    [InlineData("""{"geo_bounding_box":{"pos":{"top":44,"left":5,"bottom":43,"right":6}}}""", "d3")]
    [InlineData("""{"geo_bounding_box":{"pos":{"top_right":[3,49],"bottom_left":[2,48]}}}""", "d1 d2")]
    [InlineData("""{"geo_bounding_box":{"pos":{"top":90,"left":100,"bottom":-90,"right":2.35}}}""", "d2")]
    [InlineData("""{"geo_polygon":{"pos":{"points":["48,2","49,2","49,3","48,3"]}}}""", "d1 d2")]
    [InlineData("""{"geo_distance_range":{"from":"500m","to":"700km","pos":"48.8566,2.3522"}}""", "d2 d3")]
    public Task Places(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"nested":{"path":"alarms","query":{"bool":{"must":[{"term":{"alarms.code":"E1"}},{"term":{"alarms.sev":3}}]}}}}""", "d2")]
    [InlineData("""{"nested":{"path":"alarms","query":{"term":{"alarms.code":"E1"}}}}""", "d1 d2")]
    [InlineData("""{"bool":{"must_not":{"nested":{"path":"alarms","query":{"range":{"alarms.sev":{"gte":2}}}}}}}""", "d3 d4 d5 d6")]
    [InlineData("""{"nested":{"path":"alarms","query":{"term":{"site":"north"}}}}""", "")]
    [InlineData("""{"nested":{"path":"nothing","ignore_unmapped":true,"query":{"match_all":{}}}}""", "")]
    public Task Nested(string query, string ids) => FindsAsync(query, ids);

    [Theory]
    [InlineData("""{"simple_query_string":{"query":"error | alarm","fields":["note"]}}""", "d2 d5")]
    [InlineData("""{"simple_query_string":{"query":"pump + station","fields":["note"]}}""", "d4")]
    [InlineData("""{"simple_query_string":{"query":"star*","fields":["note"]}}""", "d1 d4")]
    [InlineData("""{"simple_query_string":{"query":"\"pump started\"","fields":["note"]}}""", "d1")]
    [InlineData("""{"simple_query_string":{"query":"pump -station","fields":["note"],"default_operator":"and"}}""", "d1 d2 d5")]
    [InlineData("""{"simple_query_string":{"query":"+pump +(error | alarm)","fields":["note"]}}""", "d2 d5")]
    [InlineData("""{"simple_query_string":{"query":"((\" + | - *","fields":["note"]}}""", "")]
    [InlineData("""{"query_string":{"query":"note:pump AND site:north"}}""", "d1")]
    [InlineData("""{"query_string":{"query":"n:[2 TO 10]"}}""", "d2 d3 d4")]
    [InlineData("""{"query_string":{"query":"n:{2 TO 10]"}}""", "d3 d4")]
    [InlineData("""{"query_string":{"query":"n:>=10"}}""", "d4 d5")]
    [InlineData("""{"query_string":{"query":"_exists_:temp AND NOT tags:b"}}""", "d4 d5")]
    [InlineData("""{"query_string":{"query":"note:(error OR alarm)"}}""", "d2 d5")]
    [InlineData("""{"query_string":{"query":"note:\"pump started\""}}""", "d1")]
    [InlineData("""{"query_string":{"query":"site:s?uth || site:north"}}""", "d1 d3 d4")]
    [InlineData("""{"query_string":{"query":"site:/[nN].*/"}}""", "d1 d2")]
    [InlineData("""{"query_string":{"query":"*:*"}}""", "d1 d2 d3 d4 d5 d6")]
    [InlineData("""{"query_string":{"query":"north"}}""", "d1")]
    [InlineData("""{"query_string":{"query":"at:[2024-05-01 TO 2024-05-01]"}}""", "d1 d2")]
    public async Task QueryStrings(string query, string ids)
    {
        var outcome = await _test.SearchAsync($"{{\"query\":{query}}}");

        outcome.Refusal.ShouldBeNull();
        string.Join(' ', outcome.Hits.Select(hit => hit.Document.Id).Order(StringComparer.Ordinal)).ShouldBe(ids);
    }

    [Theory]
    [InlineData("""{"s":{"terms":{"field":"site"},"aggs":{"m":{"max":{"field":"n"}}}}}""", """{"s":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[{"key":"south","doc_count":2,"m":{"value":10}},{"key":"","doc_count":1,"m":{"value":null}},{"key":"North","doc_count":1,"m":{"value":2}},{"key":"north","doc_count":1,"m":{"value":1}},{"key":"roof","doc_count":1,"m":{"value":10}}]}}""")]
    [InlineData("""{"s":{"terms":{"field":"site","size":1,"order":{"m":"desc"}},"aggs":{"m":{"sum":{"field":"n"}}}}}""", """{"s":{"doc_count_error_upper_bound":0,"sum_other_doc_count":4,"buckets":[{"key":"south","doc_count":2,"m":{"value":13}}]}}""")]
    [InlineData("""{"s":{"terms":{"field":"on","missing":false}}}""", """{"s":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[{"key":0,"key_as_string":"false","doc_count":3},{"key":1,"key_as_string":"true","doc_count":3}]}}""")]
    [InlineData("""{"s":{"terms":{"field":"site","include":"[ns]o.*","exclude":["north"]}}}""", """{"s":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[{"key":"south","doc_count":2}]}}""")]
    [InlineData("""{"s":{"meta":{"for":"me"},"filter":{"term":{"on":true}},"aggs":{"m":{"max":{"field":"n"},"meta":{"x":1}}}}}""", """{"s":{"meta":{"for":"me"},"doc_count":3,"m":{"meta":{"x":1},"value":20}}}""")]
    [InlineData("""{"m":{"avg":{"field":"n"},"meta":{"color":"blue"}}}""", """{"m":{"meta":{"color":"blue"},"value":7.2}}""")]
    [InlineData("""{"t":{"stats":{"field":"temp"}}}""", """{"t":{"count":4,"min":-3.25,"max":21.5,"avg":14.6875,"sum":58.75}}""")]
    [InlineData("""{"a":{"min":{"field":"temp"}},"b":{"max":{"field":"at"}},"c":{"avg":{"field":"n"}},"d":{"sum":{"field":"nothing"}},"e":{"min":{"field":"nothing"}}}""", """{"a":{"value":-3.25},"b":{"value":1717200000000,"value_as_string":"2024-06-01T00:00:00.000Z"},"c":{"value":7.2},"d":{"value":0},"e":{"value":null}}""")]
    [InlineData("""{"c":{"cardinality":{"field":"tags"}},"v":{"value_count":{"field":"tags"}}}""", """{"c":{"value":3},"v":{"value":4}}""")]
    [InlineData("""{"h":{"histogram":{"field":"n","interval":5}}}""", """{"h":{"buckets":[{"key":0,"doc_count":3},{"key":5,"doc_count":0},{"key":10,"doc_count":1},{"key":15,"doc_count":0},{"key":20,"doc_count":1}]}}""")]
    [InlineData("""{"h":{"date_histogram":{"field":"at","calendar_interval":"month"}}}""", """{"h":{"buckets":[{"key_as_string":"2024-05-01T00:00:00.000Z","key":1714521600000,"doc_count":4},{"key_as_string":"2024-06-01T00:00:00.000Z","key":1717200000000,"doc_count":1}]}}""")]
    [InlineData("""{"h":{"date_histogram":{"field":"at","fixed_interval":"1d","min_doc_count":1,"format":"MM-dd"}}}""", """{"h":{"buckets":[{"key_as_string":"05-01","key":1714521600000,"doc_count":2},{"key_as_string":"05-02","key":1714608000000,"doc_count":1},{"key_as_string":"05-31","key":1717113600000,"doc_count":1},{"key_as_string":"06-01","key":1717200000000,"doc_count":1}]}}""")]
    [InlineData("""{"h":{"date_histogram":{"field":"at","calendar_interval":"1M","time_zone":"-01:00"}}}""", """{"h":{"buckets":[{"key_as_string":"2024-04-01T00:00:00.000-01:00","key":1711933200000,"doc_count":1},{"key_as_string":"2024-05-01T00:00:00.000-01:00","key":1714525200000,"doc_count":4}]}}""")]
    [InlineData("""{"f":{"filter":{"term":{"on":true}},"aggs":{"a":{"avg":{"field":"n"}}}}}""", """{"f":{"doc_count":3,"a":{"value":8}}}""")]
    [InlineData("""{"f":{"filters":{"filters":{"x":{"term":{"on":true}},"y":{"term":{"tags":"b"}}},"other_bucket":true}}}""", """{"f":{"buckets":{"x":{"doc_count":3},"y":{"doc_count":2},"_other_":{"doc_count":2}}}}""")]
    [InlineData("""{"m":{"missing":{"field":"temp"}}}""", """{"m":{"doc_count":2}}""")]
    [InlineData("""{"r":{"range":{"field":"n","ranges":[{"to":3},{"from":3,"to":20},{"from":20}]}}}""", """{"r":{"buckets":[{"key":"*-3.0","to":3,"doc_count":2},{"key":"3.0-20.0","from":3,"to":20,"doc_count":2},{"key":"20.0-*","from":20,"doc_count":1}]}}""")]
    [InlineData("""{"p":{"percentiles":{"field":"n","percents":[0,50,100]}}}""", """{"p":{"values":{"0.0":1,"50.0":3,"100.0":20}}}""")]
    public async Task Aggregations(string aggregations, string answer)
    {
        var outcome = await _test.SearchAsync($"{{\"aggs\":{aggregations}}}", size: 0);

        outcome.Refusal.ShouldBeNull();
        outcome.Aggregations!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ShouldBe(answer);
    }

    [Fact]
    public async Task Top_hits_are_the_first_of_each_bucket()
    {
        const string aggregations = """{"s":{"terms":{"field":"site"},"aggs":{"last":{"top_hits":{"size":1,"sort":{"n":"desc"},"_source":"n"}}}}}""";

        var outcome = await _test.SearchAsync($"{{\"aggs\":{aggregations}}}", size: 0);

        var buckets = outcome.Aggregations!["s"]!["buckets"]!.AsArray();
        var first = buckets.Select(bucket => $"{bucket!["key"]} {bucket["last"]!["hits"]!["hits"]![0]!["_id"]}");
        first.ShouldBe(["south d4", " d6", "North d2", "north d1", "roof d4"]);
        buckets[0]!["last"]!.ToJsonString().ShouldBe(
            """{"hits":{"total":{"value":2,"relation":"eq"},"max_score":null,"hits":[{"_id":"d4","_score":null,"_source":{"n":10},"sort":[10]}]}}""");
    }

    [Fact]
    public async Task Aggregations_see_all_matches_and_a_post_filter_only_the_hits()
    {
        var outcome = await _test.SearchAsync(
            """{"query":{"term":{"on":true}},"post_filter":{"range":{"n":{"gte":3}}},"aggs":{"c":{"value_count":{"field":"n"}}}}""", size: 1);

        outcome.Hits.Select(hit => hit.Document.Id).ShouldBe(["d3"]);
        outcome.Total.ShouldBe(2);
        outcome.Aggregations!["c"]!["value"]!.GetValue<long>().ShouldBe(3);
    }

    [Fact]
    public async Task Collapse_leaves_the_first_hit_of_each_value()
    {
        (await _test.IdsAsync("""{"collapse":{"field":"on"},"sort":{"n":"desc"}}""")).ShouldBe("d5 d4 d2");
        (await _test.SearchAsync("""{"collapse":{"field":"on"},"sort":{"n":"desc"}}""", size: 2)).Total.ShouldBe(6);
        (await _test.IdsAsync("""{"collapse":{"field":"n"},"sort":"n","search_after":[2]}""")).ShouldBe("d3 d4 d5 d6");
        (await _test.IdsAsync("""{"collapse":{"field":"n"},"sort":{"n":"desc"},"search_after":[10]}""", size: 2)).ShouldBe("d3 d2");
    }

    [Theory]
    [InlineData("""{"match":{"note":"pump error"}}""", "d2", """{"note":["<em>pump</em> stopped: <em>error</em> E2"]}""")]
    [InlineData("""{"match_phrase":{"note":"second pump"}}""", "d5", """{"note":["<em>second</em> <em>pump</em>"]}""")]
    [InlineData("""{"bool":{"must":[{"prefix":{"site":"no"}},{"prefix":{"note":"start"}}]}}""", "d1", """{"site":["<em>north</em>"],"note":["Pump <em>started</em> OK"]}""")]
    public async Task Highlights_mark_why_a_document_was_found(string query, string id, string highlight)
    {
        var outcome = await _test.SearchAsync($"{{\"query\":{query},\"highlight\":{{\"fields\":{{\"*\":{{}}}}}}}}");

        outcome.Hits.Single(hit => hit.Document.Id == id).Highlight!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .ShouldBe(highlight);
    }

    [Theory]
    [InlineData(""" "sort":{"_geo_distance":{"pos":"48.8566,2.3522","order":"asc"}} """, "d1 d2 d3 d4 d5 d6")]
    [InlineData(""" "sort":{"_geo_distance":{"pos":[2.3522,48.8566],"order":"desc","unit":"km"}} """, "d3 d2 d1 d4 d5 d6")]
    [InlineData(""" "sort":{"ev.sev":{"order":"asc","mode":"avg"}} """, "d1 d2 d3 d4 d5 d6")]
    [InlineData(""" "sort":{"ev.sev":{"order":"desc","mode":"sum"}} """, "d1 d2 d3 d4 d5 d6")]
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
