namespace Kuzzle.Edge.Protocols.Tests.KuzzleLegacy;

/// <summary>Each query and response of the page of 2015, in its order, with values where it has placeholders.</summary>
public sealed class SeedExampleTests
{
    [Fact]
    public async Task Subscribing_to_documents()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        var result = await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"my room","body":{}}""");

        result.ShouldBeJson($$"""{"roomId":"{{result["roomId"]}}","roomName":"my room"}""");
        ((string)result["roomId"]!).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_room_without_a_name_gets_one()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        var result = await client.ResultAsync("subscribe.people.on", """{"clientId":"me","body":{}}""");

        ((string)result["roomName"]!).ShouldNotBeEmpty();
        ((string)result["roomName"]!).ShouldNotBe((string)result["roomId"]!);
    }

    [Fact]
    public async Task Counting_the_number_of_subscriptions_on_a_given_room()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var room = await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"one","body":{"term":{"age":5}}}""");
        await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"two","body":{"term":{"age":5}}}""");

        var result = await client.ResultAsync("subscribe.people.count", $$$"""{"clientId":"me","requestId":"r","body":{"roomId":"{{{room["roomId"]}}}"}}""");

        result.ShouldBeJson("2");
    }

    [Fact]
    public async Task Unsubscribing_of_a_room()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var room = await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"my room","body":{}}""");

        var result = await client.ResultAsync("subscribe.people.off", """{"requestId":"my room","clientId":"me"}""");

        result.ShouldBeJson(room.ToJsonString());
    }

    [Fact]
    public async Task Sending_a_non_persistent_message_is_not_answered()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.ResultAsync("subscribe.people.on", """{"clientId":"me","requestId":"my room","body":{}}""");
        await client.SubscribeAsync(("mqtt.my room", 0));

        await client.PublishAsync("write.people.create", """{"clientId":"me","requestId":"m","persist":false,"body":{"hello":"world"}}""");

        (await client.ReadPublishAsync()).Topic.ShouldBe("mqtt.my room");
        await client.ShouldHearNothingAsync();
    }

    [Fact]
    public async Task Creating_a_new_document()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        var result = await client.ResultAsync("write.people.create", """{"persist":true,"clientId":"me","requestId":"q","body":{"name":"Grace"}}""");

        ((string)result["_id"]!).ShouldNotBeEmpty();
        result.ShouldBeJson($$$"""{"_id":"{{{result["_id"]}}}","_source":{"name":"Grace"},"collection":"people","action":"create","controller":"write","requestId":"q"}""");
    }

    [Fact]
    public async Task A_query_without_an_identifier_gets_one()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();

        var result = await client.ResultAsync("write.people.create", """{"persist":true,"clientId":"me","body":{"name":"Grace"}}""");

        Guid.TryParse((string)result["requestId"]!, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Retrieving_a_document()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"name":"Grace"}""");

        var result = await client.ResultAsync("read.people.get", $$"""{"clientId":"me","requestId":"q","_id":"{{id}}"}""");

        result.ShouldBeJson($$$"""{"_id":"{{{id}}}","_source":{"name":"Grace"},"collection":"people","action":"get","controller":"read","requestId":"q"}""");
    }

    [Theory]
    [InlineData("filter")]
    [InlineData("query")]
    public async Task Searching_for_documents(string kind)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"name":"Grace"}""");

        var result = await client.ResultAsync("read.people.search", $$$$"""{"clientId":"me","requestId":"q","body":{"{{{{kind}}}}":{}}}""");

        result.ShouldBeJson($$$$"""
            {"_source":{"{{{{kind}}}}":{}},"hits":{"hits":[{"_id":"{{{{id}}}}","_source":{"name":"Grace"}}],"total":1},
             "collection":"people","action":"search","controller":"read","requestId":"q"}
            """);
    }

    [Fact]
    public async Task Updating_a_document()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"name":"Grace","age":50}""");

        var result = await client.ResultAsync("write.people.update", $$$"""{"clientId":"me","requestId":"q","_id":"{{{id}}}","body":{"age":51}}""");

        result.ShouldBeJson($$$"""{"_id":"{{{id}}}","_source":{"age":51},"collection":"people","action":"update","controller":"write","requestId":"q"}""");
        (await client.ResultAsync("read.people.get", $$"""{"clientId":"me","_id":"{{id}}"}"""))["_source"]!.ShouldBeJson("""{"name":"Grace","age":51}""");
    }

    [Theory]
    [InlineData("filter")]
    [InlineData("query")]
    public async Task Counting_documents(string kind)
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.CreateAsync("""{"name":"Grace"}""");
        await client.CreateAsync("""{"name":"Ada"}""");

        var result = await client.ResultAsync("read.people.count", $$$$"""{"clientId":"me","requestId":"q","body":{"{{{{kind}}}}":{}}}""");

        result.ShouldBeJson($$$"""{"count":2,"_source":{"{{{kind}}}":{}},"collection":"people","action":"count","controller":"read","requestId":"q"}""");
    }

    [Fact]
    public async Task Deleting_a_document_using_a_document_unique_ID()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"name":"Grace"}""");

        var result = await client.ResultAsync("write.people.delete", $$"""{"clientId":"me","requestId":"q","_id":"{{id}}"}""");

        result.ShouldBeJson($$$"""
            {"_id":"{{{id}}}","_source":{"action":"delete","collection":"people","controller":"write"},
             "collection":"people","action":"delete","controller":"write","requestId":"q"}
            """);
        (await client.ErrorAsync("read.people.get", $$"""{"clientId":"me","_id":"{{id}}"}""")).ShouldContain(id);
    }

    [Fact]
    public async Task Deleting_documents_using_a_query()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        var id = await client.CreateAsync("""{"name":"Grace"}""");

        var result = await client.ResultAsync("write.people.deleteByQuery", """{"clientId":"me","requestId":"q","body":{"filter":{}}}""");

        result.ShouldBeJson($$$"""
            {"_source":{"filter":{}},"collection":"people","action":"deleteByQuery","controller":"write","ids":["{{{id}}}"],"requestId":"q"}
            """);
    }

    [Fact]
    public async Task Deleting_an_entire_data_collection()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        await client.CreateAsync("""{"name":"Grace"}""");

        var result = await client.ResultAsync("admin.people.deleteCollection", """{"clientId":"me","requestId":"q"}""");

        result.ShouldBeJson("""
            {"_source":{"collection":"people","action":"deleteCollection","controller":"admin"},
             "collection":"people","action":"deleteCollection","controller":"admin","requestId":"q"}
            """);
        ((int)(await client.ResultAsync("read.people.count", """{"clientId":"me"}"""))["count"]!).ShouldBe(0);
    }

    [Fact]
    public async Task Setting_up_and_retrieving_the_data_mapping_of_a_collection()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        const string Mapping = """{"properties":{"name":{"type":"string","index":"not_analyzed"},"story":{"type":"string"},"age":{"type":"integer"}}}""";

        var put = await client.ResultAsync("admin.people.putMapping", $$"""{"clientId":"me","requestId":"q","body":{{Mapping}}}""");
        var got = await client.ResultAsync("admin.people.getMapping", """{"clientId":"me","requestId":"r"}""");

        put.ShouldBeJson($$"""{"_source":{{Mapping}},"collection":"people","action":"putMapping","controller":"admin","requestId":"q"}""");
        got.ShouldBeJson($$$"""
            {"_source":{},"action":"getMapping","collection":"people","controller":"admin","mainindex":{"mappings":{"people":{{{Mapping}}}}},"requestId":"r"}
            """);
    }

    [Fact]
    public async Task Performing_a_bulk_import()
    {
        await using var gateway = LegacyClient.Gateway();
        var client = await gateway.ConnectLegacyAsync();
        const string Lines = """[{"create":{}},{"a":"document","with":"any","number":"of fields"},{"another":"document"},{"and":{"another":"one"}}]""";

        var result = await client.ResultAsync("bulk.people.import", $$"""{"clientId":"me","requestId":"q","body":{{Lines}}}""");

        var ids = result["items"]!.AsArray().Select(static item => (string)item!["create"]!["_id"]!).ToList();
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        var items = string.Join(',', ids.Select(static id => $$$"""{"create":{"_id":"{{{id}}}","status":201}}"""));
        result.ShouldBeJson($$"""{"_source":{{Lines}},"collection":"people","action":"import","controller":"bulk","items":[{{items}}],"requestId":"q"}""");
        (await client.ResultAsync("read.people.get", $$"""{"clientId":"me","_id":"{{ids[2]}}"}"""))["_source"]!.ShouldBeJson("""{"and":{"another":"one"}}""");
    }
}
