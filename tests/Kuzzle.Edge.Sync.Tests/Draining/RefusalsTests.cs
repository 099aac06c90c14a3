using System.Text.Json;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Draining;

namespace Kuzzle.Edge.Sync.Tests.Draining;

public sealed class RefusalsTests
{
    [Theory]
    [InlineData(401, "security.token.expired", "LinkMayPassLater")]
    [InlineData(401, "security.rights.unauthorized", "LinkMayPassLater")]
    [InlineData(408, null, "LinkMayPassLater")]
    [InlineData(429, "api.process.too_many_requests", "LinkMayPassLater")]
    [InlineData(500, "services.storage.unexpected_error", "LinkMayPassLater")]
    [InlineData(503, "api.process.overloaded", "LinkMayPassLater")]
    [InlineData(503, "api.process.shutting_down", "LinkMayPassLater")]
    [InlineData(503, "services.storage.outbox_full", "LinkMayPassLater")]
    [InlineData(507, "services.storage.no_room", "LinkMayPassLater")]
    [InlineData(504, "core.realtime.hard_limit_reached", "LinkMayPassLater")]
    [InlineData(403, "security.rights.forbidden", "WaitsAside")]
    [InlineData(409, "services.storage.too_many_changes", "WaitsAside")]
    [InlineData(412, "services.storage.unknown_collection", "WaitsAside")]
    [InlineData(412, "services.storage.index_already_exists", "WaitsAside")]
    [InlineData(400, "services.storage.invalid_index_name", "WaitsAside")]
    [InlineData(400, "services.storage.invalid_collection_name", "WaitsAside")]
    [InlineData(400, "services.storage.collection_reserved", "WaitsAside")]
    [InlineData(400, "services.storage.invalid_mapping", "WaitsAside")]
    [InlineData(404, "api.process.controller_not_found", "WaitsAside")]
    [InlineData(404, "api.process.action_not_found", "WaitsAside")]
    [InlineData(400, "services.storage.strict_mapping_rejection", "ForGood")]
    [InlineData(400, "services.storage.unexpected_bad_request", "ForGood")]
    [InlineData(400, "services.storage.no_routing", "ForGood")]
    [InlineData(400, "api.assert.invalid_type", "ForGood")]
    [InlineData(413, "services.storage.write_limit_exceeded", "ForGood")]
    [InlineData(413, "network.http.too_large", "ForGood")]
    [InlineData(400, "validation.check.failed_document", "ForGood")]
    public void A_refused_request_is_tried_again_waits_or_is_taken_apart_by_what_was_wrong(int status, string? id, string kind) =>
        Refusals.Of(new UpstreamAnswer(status, id, "as told", default)).ToString().ShouldBe(kind);

    [Theory]
    [InlineData(400, "ForGood")]
    [InlineData(404, "ForGood")]
    [InlineData(413, "ForGood")]
    [InlineData(403, "WaitsAside")]
    [InlineData(409, "WaitsAside")]
    [InlineData(429, "LinkMayPassLater")]
    [InlineData(500, "LinkMayPassLater")]
    [InlineData(503, "LinkMayPassLater")]
    public void A_refused_document_waits_or_is_kept_aside_by_its_status(int status, string kind) => Refusals.OfDocument(status).ToString().ShouldBe(kind);

    [Fact]
    public void Errors_are_read_in_every_shape_that_a_Kuzzle_gives_them()
    {
        var result = JsonElement.Parse(
            """
            {"errors":[{"document":{"_id":"a","body":{} },"reason":"document body must be an object","status":400},{"_id":"b","reason":"document not found","status":404},
            {"document":{"_id":7},"reason":"document _id must be a string","status":400},{"document":null},"c",{"_id":"d"}],"successes":["e",{"_id":"f","_version":1},{"_version":1},7]}
            """);

        Refusals.ById(result).ShouldBe(new Dictionary<string, (string, int)>
        {
            ["a"] = ("document body must be an object", 400),
            ["b"] = ("document not found", 404),
            ["d"] = ("refused without a reason", 400),
        });
        Refusals.SuccessesOf(result).ShouldBe(["e", "f"]);
        Refusals.SuccessesOf(default).ShouldBeEmpty();
    }
}
