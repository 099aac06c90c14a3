namespace Kuzzle.Edge.Protocols.Tests.KuzzleLegacy;

/// <summary>The filters of subscriptions and of searches: kuzzle-mqtt.md 2.3.</summary>
public sealed class LegacyFilterTests
{
    [Theory]
    [InlineData("""{"term":{"a.b":1}}""", """{"a":{"b":1}}""", """{"a":{"b":"1"}}""")]
    [InlineData("""{"term":{"a":1},"exists":{"field":"z"}}""", """{"a":1}""", """{"z":1}""")] // Only the first keyword was read.
    [InlineData("""{"terms":{"a":["x","y"]}}""", """{"a":"y"}""", """{"a":"z"}""")]
    [InlineData("""{"terms":{"a":[1,"y",true]}}""", """{"a":1}""", """{"a":2}""")]
    [InlineData("""{"range":{"a":{"gte":1,"lt":3}}}""", """{"a":1}""", """{"a":3}""")]
    [InlineData("""{"exists":{"field":"a"}}""", """{"a":0}""", """{"b":0}""")]
    [InlineData("""{"missing":{"field":"a"}}""", """{"b":0}""", """{"a":0}""")]
    [InlineData("""{"ids":{"values":["7"]}}""", """{"_id":"7","a":1}""", """{"_id":"8","a":1}""")]
    [InlineData("""{"geoBoundingBox":{"at":{"top_left":{"lat":2,"lon":0},"bottomRight":[0,2]}}}""", """{"at":{"lat":1,"lon":1}}""", """{"at":{"lat":3,"lon":1}}""")]
    [InlineData("""{"geo_bounding_box":{"at":{"top":2,"left":0,"bottom":0,"right":2}}}""", """{"at":"1,1"}""", """{"at":"3,1"}""")]
    [InlineData("""{"and":[{"term":{"a":1}},{"term":{"b":2}}]}""", """{"a":1,"b":2}""", """{"a":1}""")]
    [InlineData("""{"and":{"term":{"a":1}}}""", """{"a":1}""", """{"a":2}""")]
    [InlineData("""{"or":[{"term":{"a":1}},{"term":{"b":2}}]}""", """{"b":2}""", """{"b":1}""")]
    [InlineData("""{"not":{"term":{"a":1}}}""", """{"a":2}""", """{"a":1}""")]
    [InlineData("""{"not":[{"term":{"a":1}},{"term":{"b":1}}]}""", """{"a":1,"b":2}""", """{"a":1,"b":1}""")]
    [InlineData("""{"bool":{"must":{"term":{"a":1}},"must_not":[{"term":{"b":1}}]}}""", """{"a":1}""", """{"a":1,"b":1}""")]
    [InlineData("""{"bool":{"mustNot":{"term":{"b":1}},"should":[{"terms":{"a":[1,2]}}]}}""", """{"a":2}""", """{"a":3}""")]
    public async Task A_subscription_hears_what_its_filter_of_2015_means(string filter, string heard, string unheard)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.ResultAsync("subscribe.people.on", $$"""{"clientId":"me","requestId":"room","body":{{filter}}}""");
        await client.SubscribeAsync(("mqtt.room", 0));

        await client.ResultAsync("write.people.create", $$"""{"clientId":"me","requestId":"unheard","body":{{unheard}}}""");
        await client.PublishAsync("write.people.create", $$"""{"requestId":"heard","body":{{heard}}}""");

        var notification = await client.ReadPublishAsync();
        ((string?)notification.Json["result"]!["requestId"]).ShouldBe("heard");
    }

    [Theory]
    [InlineData("{}", """{"query":{"bool":{"filter":[{"match_all":{}}]}}}""")]
    [InlineData("""{"term":{"a":1}}""", """{"query":{"bool":{"filter":[{"term":{"a":1}}]}}}""")]
    [InlineData("""{"and":[{"term":{"a":1}},{"exists":{"field":"b"}}]}""",
        """{"query":{"bool":{"filter":[{"bool":{"filter":[{"term":{"a":1}},{"exists":{"field":"b"}}]}}]}}}""")]
    [InlineData("""{"or":{"filters":[{"term":{"a":1}}]}}""", """{"query":{"bool":{"filter":[{"bool":{"should":[{"term":{"a":1}}],"minimum_should_match":1}}]}}}""")]
    [InlineData("""{"not":{"filter":{"term":{"a":1}}}}""", """{"query":{"bool":{"filter":[{"bool":{"must_not":[{"bool":{"filter":[{"term":{"a":1}}]}}]}}]}}}""")]
    [InlineData("""{"missing":{"field":"a"}}""", """{"query":{"bool":{"filter":[{"bool":{"must_not":[{"exists":{"field":"a"}}]}}]}}}""")]
    [InlineData("""{"bool":{"must":{"term":{"a":1}},"should":[{"missing":{"field":"b"}}]}}""",
        """{"query":{"bool":{"filter":[{"bool":{"must":[{"term":{"a":1}}],"should":[{"bool":{"must_not":[{"exists":{"field":"b"}}]}}],"minimum_should_match":1}}]}}}""")]
    [InlineData("""{"query":{"match":{"a":"b"}}}""", """{"query":{"bool":{"filter":[{"match":{"a":"b"}}]}}}""")]
    public void A_filter_of_a_search_is_put_into_the_words_of_today(string filter, string expected)
    {
        var body = System.Text.Json.JsonElement.Parse($$"""{"filter":{{filter}}}""");

        Kuzzle.Edge.Protocols.KuzzleLegacy.LegacyQuery.TryRead(body, out var query, out var fault).ShouldBeTrue(fault);

        LegacyClient.ShouldBeJson(System.Text.Json.Nodes.JsonNode.Parse(query.Search.GetRawText())!, expected);
    }

    [Fact]
    public void A_search_keeps_its_page_beside_its_query()
    {
        var body = System.Text.Json.JsonElement.Parse("""{"query":{"filtered":{"query":{"match":{"a":"b"}},"filter":{"term":{"c":1}}}},"from":2,"size":3,"sort":["a"]}""");

        Kuzzle.Edge.Protocols.KuzzleLegacy.LegacyQuery.TryRead(body, out var query, out var fault).ShouldBeTrue(fault);

        query.Search.GetRawText().ShouldBe("""{"sort":["a"],"query":{"bool":{"must":[{"match":{"a":"b"}}],"filter":[{"term":{"c":1}}]}}}""");
        query.Page.GetRawText().ShouldBe("""{"from":2,"size":3}""");
    }
}
