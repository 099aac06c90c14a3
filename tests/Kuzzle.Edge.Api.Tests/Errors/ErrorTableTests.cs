using System.Text.Json;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Api.Tests.Errors;

/// <summary>Each error that can occur here, with a request that provokes it; and for every other error of Kuzzle, why it cannot.</summary>
public sealed class ErrorTableTests
{
    /// <summary>Prefixes or ids of errors that this API cannot give, with the reason.</summary>
    private static readonly Dictionary<string, string> Impossible = new(StringComparer.Ordinal)
    {
        ["core.vault."] = "there is no vault of secrets",
        ["core.configuration."] = "a wrong configuration keeps the process from starting; the command line tells it",
        ["core.sandbox."] = "there is no sandbox",
        ["core.debugger."] = "debug:* answers action_not_found",
        ["cluster."] = "there is no cluster",
        ["core.fatal.service_timeout"] = "nothing is waited for at start",
        ["core.fatal.unreadable_log_dir"] = "a log that cannot be written keeps the process from starting",
        ["core.fatal.assertion_failed"] = "a broken promise is an exception, answered as unexpected_error",
        ["core.realtime.invalid_rooms"] = "of version 1",
        ["core.realtime.invalid_state"] = "of version 1",
        ["core.realtime.too_many_terms"] = "Kuzzle answers koncorde_dsl_error since its filters are bounded by conditions",
        ["services.storage.no_multi_"] = "invalid_multi_index_collection_usage says it",
        ["services.storage.bootstrap_timeout"] = "there is no bootstrap",
        ["services.storage.version_mismatch"] = "there is no Elasticsearch",
        ["services.storage.unknown_index_collection"] = "unknown_index and unknown_collection say which",
        ["services.storage.missing_argument"] = "api.assert.missing_argument comes first",
        ["services.storage.index_protected"] = "of older versions",
        ["services.storage.not_connected"] = "the store is in the process",
        ["services.storage.too_many_operations"] = "waiting writes wait; requests have their own bound",
        ["services.storage.duplicate_field_mapping"] = "of old Elasticsearch versions",
        ["services.storage.unexpected_properties"] = "invalid_mapping names the key",
        ["services.storage.invalid_mapping_type"] = "comes out as unexpected_bad_request, as in the real server",
        ["services.storage.wrong_mapping_property"] = "invalid_mapping names the key",
        ["services.storage.invalid_mapping_argument"] = "invalid_mapping names the key",
        ["services.storage.too_many_changes"] = "writes of one document follow one another in one writer; none is in conflict",
        ["services.storage.unexpected_not_found"] = "every absence has its own error",
        ["services.storage.no_mapping_found"] = "every collection has a mapping",
        ["services.storage.forbidden_character"] = "of older versions",
        ["services.storage.incomplete_update"] = "bulk:updateByQuery is one transaction",
        ["services.storage.multiple_indice_alias"] = "there are no aliases",
        ["services.storage.wrong_es_static_settings_for_collection_recreation"] = "settings have no effect here",
        ["services.cache.read_failed"] = "memory can be read",
        ["services.cache.not_connected"] = "the memory is in the process",
        ["services.koncorde.elastic_translation_error"] = "of searching: koncorde_restricted_keyword and koncorde_dsl_error say it",
        ["api.assert.too_many_arguments"] = "no action of Kuzzle raises it locally",
        ["api.assert.unexpected_type_assertion"] = "a fault of the program",
        ["api.assert.invalid_id"] = "of older versions",
        ["api.assert.koncorde_unknown_keyword"] = "koncorde_dsl_error says it",
        ["api.process.not_enough_nodes"] = "there is no cluster",
        ["api.process.forbidden_embedded_sdk_action"] = "there is no embedded SDK",
        ["validation.assert.unknown_type"] = "one text of invalid_specifications tells it",
        ["validation.assert.invalid_type"] = "one text of invalid_specifications tells it",
        ["validation.assert.not_multivalued"] = "one text of invalid_specifications tells it",
        ["validation.assert.invalid_range"] = "one text of invalid_specifications tells it",
        ["validation.assert.incorrect_validation_format"] = "what is stored was checked",
        ["validation.assert.missing_"] = "one text of invalid_specifications tells it",
        ["validation.assert.unexpected_"] = "one text of invalid_specifications tells it",
        ["validation.types."] = "one text of invalid_specifications tells it; own types there are none",
        ["api.assert.forbidden_stream"] = "only document:export streams, and without HTTP it answers unsupported_protocol",
        ["network.http.unexpected_error"] = "every fault of a request has its own error; what is no HTTP at all is the web server's to refuse",
        ["network.http.compression_disabled"] = "compression cannot be turned off",
        ["network.http.duplicate_url"] = "routes are built in; a test finds those that stand twice",
        ["network.http.file_too_large"] = "there are no multipart forms: unsupported_content",
        ["network.http.stream_closed"] = "a response that breaks after its beginning is cut off, for its status is sent",
        ["network.http.stream_errored"] = "a response that breaks after its beginning is cut off, for its status is sent",
        ["network.entrypoint.unexpected_event"] = "of Kuzzle's own event bus",
        ["network.entrypoint.invalid_port"] = "a wrong configuration keeps the process from starting; the command line tells it",
        ["plugin.assert."] = "there are no plugins",
        ["plugin.runtime."] = "there are no plugins; a fault of ours is core.fatal.unexpected_error",
        ["plugin.strategy.invalid_"] = "the strategy local is built in",
        ["plugin.strategy.missing_method_function"] = "the strategy local is built in",
        ["plugin.strategy.missing_optional_method"] = "security:searchUsersByCredentials, which asks for it, exists only in the cloud",
        ["plugin.strategy.un"] = "the strategy local is built in",
        ["plugin.strategy.failed_registration"] = "the strategy local is built in",
        ["plugin.strategy.strategy_not_found"] = "the strategy local is built in; unknown ones are security.credentials.unknown_strategy",
        ["plugin.controller."] = "there are no plugins",
        ["plugin.manifest."] = "there are no plugins",
        ["plugin.context."] = "there are no plugins",
        ["plugin.authenticators."] = "there are no plugins",
        ["security.token.unknown_user"] = "a user's tokens end with it: the answer is security.token.invalid",
        ["security.token.unknown_connection"] = "a token is linked to the connection that shows it, which is there",
        ["security.token.generation_failed"] = "signing is a hash, which cannot fail",
        ["security.token.expired"] = "unreachable in Kuzzle, too: security.token.invalid says it",
        ["security.token.verification_error"] = "what cannot be verified is security.token.invalid, and no cookie can contradict a token",
        ["security.credentials.rejected"] = "the strategy local refuses with a status and a message, as the real one was recorded to",
        ["security.rights.failsafe_mode_admin_only"] = "there is no failsafe mode",
        ["security.user.cannot_hydrate"] = "a user's missing profile gives no rights; it takes nobody's answer away",
        ["security.user.uninitialized"] = "a fault of Kuzzle's own",
        ["security.user.no_profile"] = "no user is stored without: api.assert.empty_argument",
        ["security.role.uninitialized"] = "a fault of Kuzzle's own",
        ["security.role.invalid_rights"] = "of older versions: api.assert.invalid_type names the action",
        ["security.role.closure_"] = "of version 1",
        ["security.profile.cannot_hydrate"] = "a role that profiles use cannot be removed: security.role.in_use",
        ["security.profile.uninitialized"] = "a fault of Kuzzle's own",
        ["security.cookie.invalid"] = "there are no cookies: security.cookie.unsupported",
        ["protocol."] = "protocols are no plugins here",
    };

    /// <summary>Errors that need more than one request to an open API, and the tests that provoke them.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["core.fatal.unexpected_error"] = "Kuzzle.Edge.Api.Tests/Funnel/FunnelTests.cs",
        ["services.storage.incomplete_delete"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["api.assert.unexpected_argument"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["api.assert.forbidden_argument"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["api.process.action_locked"] = "Kuzzle.Edge.Api.Tests/Funnel/FunnelTests.cs",
        ["api.process.overloaded"] = "Kuzzle.Edge.Api.Tests/Funnel/FunnelTests.cs",
        ["api.process.shutting_down"] = "Kuzzle.Edge.Api.Tests/Funnel/FunnelTests.cs",
        ["api.process.admin_exists"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["api.process.too_many_logins_requests"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["api.process.connection_dropped"] = "Kuzzle.Edge.Protocols.Tests/Requests/EntranceTests.cs",
        ["api.process.unauthorized_origin"] = "Kuzzle.Edge.Protocols.Tests/Http/CrossOriginTests.cs",
        ["network.http.request_too_large"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.http.too_many_encodings"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.http.unsupported_compression"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.http.unsupported_verb"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.http.url_not_found"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.http.unsupported_content"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.http.unsupported_charset"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.http.volatile_parse_failed"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRouteTests.cs",
        ["network.http.body_parse_failed"] = "Kuzzle.Edge.Protocols.Tests/Http/HttpRequestTests.cs",
        ["network.mqtt.unexpected_error"] = "Kuzzle.Edge.Protocols.Tests/KuzzleV2/RequestPayloadTests.cs",
        ["network.websocket.unexpected_error"] = "Kuzzle.Edge.Protocols.Tests/WebSocket/WebSocketRequestTests.cs",
        ["network.websocket.ratelimit_exceeded"] = "Kuzzle.Edge.Protocols.Tests/WebSocket/WebSocketRequestTests.cs",
        ["network.entrypoint.shutting_down"] = "Kuzzle.Edge.Protocols.Tests/KuzzleV2/DisconnectionTests.cs",
        ["plugin.strategy.missing_user"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.token.invalid"] = "Kuzzle.Edge.Api.Tests/Security/TokenTests.cs",
        ["security.token.ttl_exceeded"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.token.refresh_forbidden"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.token.invalid_expiration"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.credentials.unknown_strategy"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.credentials.database_inconsistency"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.rights.unauthorized"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.rights.forbidden"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.user.already_exists"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.user.not_found"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.user.anonymous_profile_required"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.user.prevent_overwrite"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.role.not_found"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.role.login_required"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.role.cannot_delete"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.role.in_use"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.role.unknown_controller"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.role.unknown_action"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.profile.not_found"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.profile.cannot_delete"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.profile.in_use"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.profile.missing_anonymous_role"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
        ["security.cookie.unsupported"] = "Kuzzle.Edge.Api.Tests/Security/ErrorTests.cs",
    };

    public static TheoryData<string, string> Provocations => new()
    {
        { "core.fatal.service_unavailable", """{"controller":"server","action":"healthCheck"}""" },
        { "core.realtime.room_not_found", """{"controller":"realtime","action":"join","body":{"roomId":"none"}}""" },
        { "core.realtime.invalid_scope", """{"controller":"realtime","action":"subscribe","index":"i","collection":"c","scope":"here","body":{}}""" },
        { "core.realtime.invalid_users", """{"controller":"realtime","action":"subscribe","index":"i","collection":"c","users":"some","body":{}}""" },
        { "core.realtime.too_many_rooms", """{"controller":"realtime","action":"subscribe","index":"i","collection":"c","body":{"exists":"second"}}""" },
        { "core.realtime.not_subscribed", """{"controller":"realtime","action":"unsubscribe","body":{"roomId":"none"}}""" },
        { "services.storage.unknown_index", """{"controller":"document","action":"get","index":"none","collection":"c","_id":"x"}""" },
        { "services.storage.unknown_collection", """{"controller":"document","action":"get","index":"i","collection":"none","_id":"x"}""" },
        { "services.storage.get_limit_exceeded", """{"controller":"document","action":"mGet","index":"i","collection":"c","body":{"ids":["1","2","3","4"]}}""" },
        { "services.storage.write_limit_exceeded", """{"controller":"document","action":"mDelete","index":"i","collection":"c","body":{"ids":["1","2","3"]}}""" },
        { "services.storage.import_failed", """{"controller":"admin","action":"loadFixtures","body":{"i":{"c":[{"create":{"_id":"x"}},{"a":1}]}}}""" },
        { "services.storage.not_found", """{"controller":"document","action":"get","index":"i","collection":"c","_id":"none"}""" },
        { "services.storage.search_as_an_id", """{"controller":"document","action":"get","index":"i","collection":"c","_id":"_search"}""" },
        { "services.storage.document_already_exists", """{"controller":"document","action":"create","index":"i","collection":"c","_id":"x","body":{}}""" },
        { "services.storage.invalid_argument", """{"controller":"document","action":"delete","index":"i","collection":"c","_id":"x","refresh":"soon"}""" },
        { "services.storage.invalid_mapping", """{"controller":"collection","action":"update","index":"i","collection":"c","body":{"mappings":{"props":{}}}}""" },
        { "services.storage.collection_reserved", """{"controller":"collection","action":"create","index":"i","collection":"_kuzzle_keep"}""" },
        { "services.storage.no_routing", """{"controller":"document","action":"create","index":"i","collection":"c","body":{"_routing":"a"}}""" },
        { "services.storage.cannot_change_mapping", """{"controller":"collection","action":"update","index":"i","collection":"c","body":{"mappings":{"properties":{"k":{"type":"long"}}}}}""" },
        { "services.storage.unexpected_bad_request", """{"controller":"collection","action":"update","index":"i","collection":"c","body":{"mappings":{"properties":{"z":{"type":"zebra"}}}}}""" },
        { "services.storage.unexpected_error", """{"controller":"document","action":"create","index":"i","collection":"c","body":{}}""" },
        { "services.storage.index_already_exists", """{"controller":"index","action":"create","index":"i"}""" },
        { "services.storage.invalid_search_query", """{"controller":"document","action":"search","index":"i","collection":"c","body":{"quarry":{}}}""" },
        { "services.storage.invalid_index_name", """{"controller":"index","action":"create","index":"A"}""" },
        { "services.storage.invalid_collection_name", """{"controller":"collection","action":"create","index":"i","collection":"A"}""" },
        { "services.storage.strict_mapping_rejection", """{"controller":"document","action":"create","index":"i","collection":"strict","body":{"a":1}}""" },
        { "services.storage.unknown_query_keyword", """{"controller":"document","action":"search","index":"i","collection":"c","body":{"query":{"equals":{"a":1}}}}""" },
        { "services.storage.invalid_multi_index_collection_usage", """{"controller":"document","action":"search","index":"i*","collection":"c"}""" },
        { "services.storage.invalid_target_format", """{"controller":"document","action":"search","targets":[{"index":"i*","collections":["c"]}]}""" },
        { "services.storage.unknown_scroll_id", """{"controller":"document","action":"scroll","scrollId":"none"}""" },
        { "services.storage.scroll_duration_too_great", """{"controller":"document","action":"search","index":"i","collection":"c","scroll":"2m"}""" },
        { "services.storage.invalid_query_keyword", """{"controller":"document","action":"search","index":"i","collection":"c","body":{"query":{"script":{"script":"1"}}}}""" },
        { "services.cache.database_not_found", """{"controller":"admin","action":"resetCache","database":"none"}""" },
        { "services.cache.write_failed", """{"controller":"ms","action":"set","_id":"k","body":{"value":"v"}}""" },
        { "services.statistics.not_available", """{"controller":"server","action":"getStats"}""" },
        { "api.assert.invalid_type", """{"controller":"document","action":"create","index":"i","collection":"c","silent":"yes","body":{}}""" },
        { "api.assert.invalid_argument", """{"controller":"collection","action":"list","index":"i","type":"odd"}""" },
        { "api.assert.missing_argument", """{"controller":"document","action":"create","index":"i","body":{}}""" },
        { "api.assert.empty_argument", """{"controller":"ms","action":"mget","keys":[]}""" },
        { "api.assert.mutually_exclusive", """{"controller":"document","action":"search","index":"i","targets":[]}""" },
        { "api.assert.body_required", """{"controller":"document","action":"create","index":"i","collection":"c"}""" },
        { "api.assert.koncorde_restricted_keyword", """{"controller":"document","action":"search","index":"i","collection":"c","lang":"koncorde","body":{"query":{"bool":{}}}}""" },
        { "api.assert.koncorde_dsl_error", """{"controller":"realtime","action":"subscribe","index":"i","collection":"c","body":{"nonsense":1}}""" },
        { "api.assert.unsupported_protocol", """{"controller":"document","action":"export","index":"i","collection":"c"}""" },
        { "api.process.controller_not_found", """{"controller":"none","action":"none"}""" },
        { "api.process.action_not_found", """{"controller":"cluster","action":"status"}""" },
        { "api.process.incompatible_sdk_version", """{"controller":"server","action":"now","volatile":{"sdkVersion":"5"}}""" },
        { "api.process.too_many_requests", """{"controller":"server","action":"now"}""" },
        { "api.process.incomplete_multiple_request", """{"controller":"document","action":"mGet","index":"i","collection":"c","strict":true,"body":{"ids":["none"]}}""" },
        { "validation.assert.invalid_specifications", """{"controller":"collection","action":"updateSpecifications","index":"i","collection":"c","body":{"odd":1}}""" },
        { "validation.assert.not_found", """{"controller":"collection","action":"getSpecifications","index":"i","collection":"c"}""" },
        { "validation.assert.invalid_filters", """{"controller":"collection","action":"updateSpecifications","index":"i","collection":"c","body":{"validators":{"odd":1}}}""" },
        { "validation.check.failed_document", """{"controller":"document","action":"create","index":"i","collection":"checked","body":{"odd":1}}""" },
        { "validation.check.failed_field", """{"controller":"document","action":"create","index":"i","collection":"checked","body":{"a":"x"}}""" },
    };

    [Theory]
    [MemberData(nameof(Provocations))]
    public async Task An_error_comes_when_it_is_provoked(string id, string request)
    {
        using var gateway = new Gateway(new ApiOptions
        {
            FreshRights = FreshRights.Open,
            Statistics = new StatisticsOptions { Enabled = id != "services.statistics.not_available" },
            Limits = new ApiLimits
            {
                DocumentsFetchCount = id == "services.storage.get_limit_exceeded" ? 3 : 10_000,
                DocumentsWriteCount = 2,
                SubscriptionRooms = 1,
                MemoryStorageBytes = 100,
                RequestsPerSecond = id == "api.process.too_many_requests" ? 6 : 0,
            },
        });
        await gateway.MustAsync("collection:create", """
            "body":{"mappings":{"properties":{"k":{"type":"keyword"}}}}
            """);
        await gateway.MustAsync("document:create", """
            "_id":"x","body":{}
            """);
        await gateway.MustAsync("realtime:subscribe", """
            "body":{"exists":"first"}
            """);
        await gateway.AskAsync("""{"controller":"collection","action":"create","index":"i","collection":"strict","body":{"mappings":{"dynamic":"strict"}}}""");
        await gateway.AskAsync("""{"controller":"collection","action":"create","index":"i","collection":"checked"}""");
        await gateway.AskAsync("""{"controller":"collection","action":"updateSpecifications","index":"i","collection":"checked","body":{"strict":true,"fields":{"a":{"type":"integer"}}}}""");
        if (id is "services.storage.unexpected_error") gateway.Store.Failure = "the disk is full";
        if (id is "core.fatal.service_unavailable") gateway.Store.ReadFailure = "the disk is gone";

        var answer = await gateway.AskAsync(request);

        answer.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Object, answer.ToString());
        answer.GetProperty("error").GetProperty("id").GetString().ShouldBe(id);
        answer.GetProperty("status").GetInt32().ShouldBe(answer.GetProperty("error").GetProperty("status").GetInt32());
        KnownErrors.ShouldBeAsInKuzzle(answer.GetProperty("error"));
    }

    [SharedFact]
    public void Every_error_of_Kuzzle_is_provoked_or_cannot_come()
    {
        using var reference = JsonDocument.Parse(File.ReadAllBytes(SharedMaterial.FileAt("reference", "kuzzle-errors.json")!));
        var provoked = Provocations.Select(row => (string)row[0]).Concat(Elsewhere.Keys).ToList();

        var ids = reference.RootElement.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("id").GetString()!).ToList();
        var impossible = ids.Where(id => Impossible.Keys.Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal))).ToList();

        ids.Except([.. provoked, .. impossible], StringComparer.Ordinal).ShouldBeEmpty("neither provoked nor told why not");
        impossible.Intersect(provoked, StringComparer.Ordinal).ShouldBeEmpty("what is provoked can come");
        provoked.Except(ids, StringComparer.Ordinal).ShouldBeEmpty("Kuzzle has no such errors");
        Impossible.Keys.Where(prefix => !ids.Exists(id => id.StartsWith(prefix, StringComparison.Ordinal))).ShouldBeEmpty("reasons for nothing");
    }

    [Fact]
    public void A_test_that_is_said_to_provoke_an_error_names_it()
    {
        var tests = Path.Combine(RepositoryRoot(), "tests");

        var liars = Elsewhere.Where(entry => !File.ReadAllText(Path.Combine(tests, entry.Value)).Contains($"\"{entry.Key}\"", StringComparison.Ordinal)).Select(entry => entry.Key);

        liars.ShouldBeEmpty();
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Kuzzle.Edge.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }
}
