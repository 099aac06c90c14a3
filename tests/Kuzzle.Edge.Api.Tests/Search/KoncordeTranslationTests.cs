using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Search;

namespace Kuzzle.Edge.Api.Tests.Search;

/// <summary>Filters in searches with <c>lang: koncorde</c>: the table of search.md, section 2.</summary>
public sealed class KoncordeTranslationTests
{
    [Theory]
    [InlineData("""{"equals":{"site":"north"}}""", """{"term":{"site":"north"}}""")]
    [InlineData("""{"in":{"n":[1,2]}}""", """{"terms":{"n":[1,2]}}""")]
    [InlineData("""{"geoBoundingBox":{"pos":{"top":50,"left":1,"bottom":40,"right":3}}}""", """{"geo_bounding_box":{"pos":{"top":50,"left":1,"bottom":40,"right":3}}}""")]
    [InlineData("""{"geoDistance":{"pos":[2,48],"distance":"1km"}}""", """{"geo_distance":{"pos":[2,48],"distance":"1km"}}""")]
    [InlineData("""{"geoDistanceRange":{"pos":[2,48],"from":"1km","to":"2km"}}""", """{"geo_distance_range":{"pos":[2,48],"from":"1km","to":"2km"}}""")]
    [InlineData("""{"geoPolygon":{"pos":{"points":[[0,0],[0,1],[1,1]]}}}""", """{"geo_polygon":{"pos":{"points":[[0,0],[0,1],[1,1]]}}}""")]
    [InlineData("""{}""", """{"match_all":{}}""")]
    public void A_filter_is_said_in_the_language_of_searches(string filter, string query)
    {
        KoncordeTranslation.TryTranslate(JsonElement.Parse(filter), out var translated, out var refusal).ShouldBeTrue(refusal?.Message);

        JsonNode.DeepEquals(JsonNode.Parse(translated.GetRawText()), JsonNode.Parse(query)).ShouldBeTrue(translated.GetRawText());
    }

    [Fact]
    public void The_word_bool_is_refused_by_name()
    {
        KoncordeTranslation.TryTranslate(JsonElement.Parse("""{"bool":{"must":[]}}"""), out _, out var refusal).ShouldBeFalse();

        refusal!.Id.ShouldBe("api.assert.koncorde_restricted_keyword");
    }
}
