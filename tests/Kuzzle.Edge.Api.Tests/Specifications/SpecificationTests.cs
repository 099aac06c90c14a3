using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Specifications;

/// <summary>What specifications of collections let in and what not.</summary>
public sealed class SpecificationTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("""{"type":"anything"}""", """{"a":[1]}""", null)]
    [InlineData("""{"type":"boolean"}""", "true", "1")]
    [InlineData("""{"type":"integer"}""", "3", "3.5")]
    [InlineData("""{"type":"integer","typeOptions":{"range":{"min":1,"max":4}}}""", "4", "5")]
    [InlineData("""{"type":"numeric"}""", "3.5", "\"3.5\"")]
    [InlineData("""{"type":"numeric","typeOptions":{"range":{"min":-1.5}}}""", "-1.5", "-1.6")]
    [InlineData("""{"type":"string","typeOptions":{"length":{"min":2,"max":3}}}""", "\"abc\"", "\"abcd\"")]
    [InlineData("""{"type":"string","typeOptions":{"length":{"min":2}}}""", "\"ab\"", "\"a\"")]
    [InlineData("""{"type":"email"}""", "\"a@b.org\"", "\"a@b\"")]
    [InlineData("""{"type":"email","typeOptions":{"notEmpty":true}}""", "\"a@b.org\"", "\"\"")]
    [InlineData("""{"type":"url"}""", "\"https://kuzzle.io/x\"", "\"kuzzle\"")]
    [InlineData("""{"type":"ip_address"}""", "\"::1\"", "\"1\"")]
    [InlineData("""{"type":"ip_address"}""", "\"10.0.0.1\"", "\"10.0.0.256\"")]
    [InlineData("""{"type":"enum","typeOptions":{"values":["on","off"]}}""", "\"on\"", "\"maybe\"")]
    [InlineData("""{"type":"date"}""", "1700000000000", "\"yesterday\"")]
    [InlineData("""{"type":"date","typeOptions":{"formats":["strict_date_optional_time"]}}""", "\"2024-02-29T10:00:00Z\"", "\"2023-02-29\"")]
    [InlineData("""{"type":"date","typeOptions":{"formats":["date"],"range":{"min":"2020-01-01"}}}""", "\"2020-01-01\"", "\"2019-12-31\"")]
    [InlineData("""{"type":"date","typeOptions":{"range":{"max":"NOW"}}}""", "0", "95617584000000")]
    [InlineData("""{"type":"geo_point"}""", """{"lat":43.6,"lon":3.9}""", """{"lat":91,"lon":3.9}""")]
    [InlineData("""{"type":"geo_point"}""", "\"43.6, 3.9\"", "\"north\"")]
    [InlineData("""{"type":"geo_shape"}""", """{"type":"polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}""", """{"type":"polygon","coordinates":[[[0,0],[1,0],[1,1],[0,2]]]}""")]
    [InlineData("""{"type":"geo_shape","typeOptions":{"shapeTypes":["point"]}}""", """{"type":"point","coordinates":[0,0]}""", """{"type":"envelope","coordinates":[[0,0],[1,1]]}""")]
    [InlineData("""{"type":"object"}""", "{}", "1")]
    [InlineData("""{"type":"string","multivalued":{"value":true,"minCount":1,"maxCount":2}}""", """["a","b"]""", """["a","b","c"]""")]
    [InlineData("""{"type":"string","multivalued":{"value":true,"minCount":1}}""", """["a"]""", "[]")]
    [InlineData("""{"type":"string","multivalued":{"value":true}}""", """["a"]""", "\"a\"")]
    [InlineData("""{"type":"string"}""", "\"a\"", """["a"]""")]
    public async Task A_value_is_let_in_by_its_type(string field, string good, string? bad)
    {
        await SpecifyAsync("{\"fields\":{\"f\":" + field + "}}");

        (await WriteAsync("{\"f\":" + good + "}")).ShouldBeNull();

        if (bad is not null) (await WriteAsync("{\"f\":" + bad + "}")).ShouldBe("validation.check.failed_field");
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"fields":{"a":{}}}""", "missing property \"type\"")]
    [InlineData("""{"fields":{"a/b":{"type":"string"}}}""", "parent")]
    [InlineData("""{"fields":{"a":{"type":"string"},"a/b":{"type":"string"}}}""", "cannot have child fields")]
    [InlineData("""{"fields":{"a":{"type":"string","typeOptions":{"range":{}}}}}""", "unexpected properties")]
    [InlineData("""{"fields":{"a":{"type":"string","mandatory":"yes"}}}""", "expected a boolean")]
    [InlineData("""{"fields":{"a":{"type":"string","multivalued":{}}}}""", "missing property \"value\"")]
    [InlineData("""{"fields":{"a":{"type":"string","multivalued":{"value":false,"minCount":1}}}}""", "not multivalued")]
    [InlineData("""{"fields":{"a":{"type":"numeric","typeOptions":{"range":{"min":2,"max":1}}}}}""", "is above the maximum")]
    [InlineData("""{"fields":{"a":{"type":"enum"}}}""", "needs a list of values")]
    [InlineData("""{"fields":{"a":{"type":"date","typeOptions":{"formats":["someday"]}}}}""", "unknown date format")]
    [InlineData("""{"fields":{"a":{"type":"date","typeOptions":{"range":{"min":"someday"}}}}}""", "is no date")]
    [InlineData("""{"fields":{"a":{"type":"geo_shape","typeOptions":{"shapeTypes":["blob"]}}}}""", "unknown shapes")]
    public async Task A_wrong_specification_is_refused_with_its_fault_and_stores_nothing(string specification, string fault)
    {
        var answer = await _gateway.DoAsync("collection:updateSpecifications", $"\"body\":{specification}");

        answer.GetProperty("error").GetProperty("id").GetString().ShouldBe("validation.assert.invalid_specifications");
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(fault);
        (await _gateway.ErrorOfAsync("collection:getSpecifications")).ShouldBe("validation.assert.not_found");
    }

    [Fact]
    public async Task Defaults_are_filled_in_before_a_mandatory_field_is_missed()
    {
        await SpecifyAsync("""{"fields":{"unit":{"type":"string","mandatory":true,"defaultValue":"°C"},"o":{"type":"object"},"o/n":{"type":"integer","defaultValue":7}}}""");

        var created = await _gateway.MustAsync("document:create", """
            "body":{"o":{}}
            """);

        created.GetProperty("_source").GetProperty("unit").GetString().ShouldBe("°C");
        created.GetProperty("_source").GetProperty("o").GetProperty("n").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task An_update_is_checked_as_the_document_that_it_makes()
    {
        await SpecifyAsync("""{"fields":{"a":{"type":"integer","mandatory":true},"b":{"type":"integer"}}}""");
        await _gateway.MustAsync("document:create", """
            "_id":"x","body":{"a":1}
            """);

        await _gateway.MustAsync("document:update", """
            "_id":"x","body":{"b":2}
            """);
        (await _gateway.ErrorOfAsync("document:update", """
            "_id":"x","body":{"a":null}
            """)).ShouldBe("validation.check.failed_field");
        (await _gateway.ErrorOfAsync("document:upsert", """
            "_id":"y","body":{"changes":{"b":1}}
            """)).ShouldBe("validation.check.failed_field");

        var stored = await _gateway.MustAsync("document:get", """
            "_id":"x"
            """);
        stored.GetProperty("_source").GetProperty("a").GetInt32().ShouldBe(1);
        stored.GetProperty("_version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_wrong_item_does_not_take_its_neighbours_down()
    {
        await SpecifyAsync("""{"strict":true,"fields":{"a":{"type":"integer"}}}""");

        var written = await _gateway.MustAsync("document:mCreate", """
            "body":{"documents":[{"_id":"1","body":{"a":1}},{"_id":"2","body":{"b":1}},{"_id":"3","body":{"a":"x"}}]}
            """);

        written.GetProperty("successes").GetArrayLength().ShouldBe(1);
        written.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("status").GetInt32()).ShouldBe([400, 400]);
    }

    [Fact]
    public async Task Validators_are_a_filter_that_documents_must_match()
    {
        await SpecifyAsync("""{"fields":{},"validators":[{"range":{"t":{"gt":0}}},{"exists":"unit"}]}""");

        (await WriteAsync("""{"t":1,"unit":"K"}""")).ShouldBeNull();
        (await WriteAsync("""{"t":1}""")).ShouldBe("validation.check.failed_document");
        (await _gateway.ErrorOfAsync("collection:updateSpecifications", """
            "body":{"validators":{"nonsense":1}}
            """)).ShouldBe("validation.assert.invalid_filters");
    }

    [Theory]
    [InlineData("bulk:write", """ "_id":"x","body":{"a":"no number"} """)]
    [InlineData("bulk:mWrite", """ "strict":true,"body":{"documents":[{"_id":"x","body":{"a":"no number"}}]} """)]
    [InlineData("bulk:import", """ "strict":true,"body":{"bulkData":[{"index":{"_id":"x"}},{"a":"no number"}]} """)]
    [InlineData("bulk:updateByQuery", """ "body":{"query":{},"changes":{"a":"no number"}} """)]
    [InlineData("document:updateByQuery", """ "body":{"query":{},"changes":{"a":"no number"}} """)]
    [InlineData("document:deleteFields", """ "_id":"x","body":{"fields":["a"]} """)]
    public async Task What_Kuzzle_does_not_check_is_not_checked_here_and_can_be_found_out(string action, string members)
    {
        await SpecifyAsync("""{"fields":{"a":{"type":"integer","mandatory":true}}}""");
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"a":1} """);

        await _gateway.MustAsync(action, members);

        var stored = (await _gateway.MustAsync("document:get", "\"_id\":\"x\"")).GetProperty("_source");
        (await _gateway.MustAsync("document:validate", $"\"body\":{stored}")).GetProperty("valid").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("document:update", """ "_id":"x","body":{"a":"no number"} """)]
    [InlineData("document:upsert", """ "_id":"x","body":{"changes":{"a":"no number"}} """)]
    [InlineData("document:mUpdate", """ "strict":true,"body":{"documents":[{"_id":"x","body":{"a":"no number"}}]} """)]
    [InlineData("document:mUpsert", """ "strict":true,"body":{"documents":[{"_id":"x","changes":{"a":"no number"}}]} """)]
    [InlineData("document:mCreateOrReplace", """ "strict":true,"body":{"documents":[{"_id":"x","body":{}}]} """)]
    [InlineData("document:replace", """ "_id":"x","body":{} """)]
    [InlineData("realtime:publish", """ "body":{"a":"no number"} """)]
    public async Task What_Kuzzle_checks_is_checked_here(string action, string members)
    {
        await SpecifyAsync("""{"fields":{"a":{"type":"integer","mandatory":true}}}""");
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"a":1} """);

        (await _gateway.ErrorOfAsync(action, members)).ShouldNotBeNull();

        (await _gateway.MustAsync("document:get", "\"_id\":\"x\"")).GetProperty("_version").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_strict_object_is_strict_by_itself()
    {
        await SpecifyAsync("""{"fields":{"o":{"type":"object","typeOptions":{"strict":true}},"o/a":{"type":"integer"}}}""");

        (await WriteAsync("""{"free":1,"o":{"a":1}}""")).ShouldBeNull();
        (await WriteAsync("""{"o":{"b":1}}""")).ShouldBe("validation.check.failed_document");
    }

    [Fact]
    public async Task Specifications_survive_a_restart_and_stay_out_of_sight()
    {
        await SpecifyAsync("""{"fields":{"a":{"type":"integer"}}}""");
        using var restarted = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, _gateway.Store, _gateway.Clock, NullLoggerFactory.Instance);

        var response = await restarted.ExecuteAsync(Request("""{"controller":"document","action":"create","index":"i","collection":"c","body":{"a":"x"}}"""), CancellationToken.None);
        response.Error?.Id.ShouldBe("validation.check.failed_field");

        (await _gateway.MustAsync("index:list")).GetProperty("indexes").EnumerateArray().Select(index => index.GetString()).ShouldBe(["i"]);
        (await _gateway.AskAsync("""{"controller":"document","action":"get","index":"%kuzzle","collection":"validations","_id":"i#c"}"""))
            .GetProperty("error").GetProperty("id").GetString().ShouldBe("services.storage.unknown_index");
    }

    private ApiRequest Request(string json) =>
        ApiRequest.TryParse(Encoding.UTF8.GetBytes(json), _gateway.Connection, _gateway.Clock, out var request, out _) ? request : throw new JsonException(json);

    private async Task SpecifyAsync(string specification)
    {
        await _gateway.MustAsync("collection:create");
        await _gateway.MustAsync("collection:updateSpecifications", $"\"body\":{specification}");
    }

    private async Task<string?> WriteAsync(string document)
    {
        var answer = await _gateway.DoAsync("document:create", $"\"body\":{document}");
        return answer.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("id").GetString() : null;
    }
}
