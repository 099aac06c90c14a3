namespace Kuzzle.Edge.Api.Routes.Tables;

/// <summary>The devices of the gateway, and what they are told.</summary>
internal static class DeviceActions
{
    private const string Search = "from:integer size:integer scroll lang:elasticsearch|koncorde searchBody:object";

    public static IReadOnlyList<ApiAction> All { get; } =
    [
        new("edge/applications", "create") { Routes = ["POST /_/edge/applications/_create", "POST /_/edge/applications/:_id/_create"], Query = "_id", Body = "*!" },
        new("edge/applications", "delete") { Routes = ["DELETE /_/edge/applications/:_id"] },
        new("edge/applications", "disable") { Routes = ["POST /_/edge/applications/:_id/_disable"] },
        new("edge/applications", "get") { Routes = ["GET /_/edge/applications/:_id"] },
        new("edge/applications", "replace") { Routes = ["PUT /_/edge/applications/:_id"], Body = "*!" },
        new("edge/applications", "search") { Routes = ["GET /_/edge/applications"], Query = "from:integer size:integer" },
        new("edge/applications", "update") { Routes = ["PATCH /_/edge/applications/:_id"], Body = "*!" },
        new("edge/commands", "cancel") { Routes = ["POST /_/edge/:application/commands/:_id/_cancel"] },
        new("edge/commands", "dispatch")
        {
            Routes = ["POST /api/command/v1alpha1/apps/:application/devices/:device"],
            Query = "command!",
            Body = "payload payload_base64 contentType",
            HasRawBody = true,
            IsAlias = true,
        },
        new("edge/commands", "get") { Routes = ["GET /_/edge/:application/commands/:_id"] },
        new("edge/commands", "search") { Routes = ["GET /_/edge/:application/commands/_search", "POST /_/edge/:application/commands/_search"], Query = Search, Body = "*" },
        new("edge/commands", "send")
        {
            Routes = ["POST /_/edge/:application/devices/:device/_command/:command"],
            Query = "ttl:integer qos:integer fanout correlation",
            Body = "payload payload_base64 contentType",
            HasRawBody = true,
        },
        new("edge/devices", "create") { Routes = ["POST /_/edge/:application/devices/_create", "POST /_/edge/:application/devices/:_id/_create"], Query = "_id", Body = "*!" },
        new("edge/devices", "delete") { Routes = ["DELETE /_/edge/:application/devices/:_id"] },
        new("edge/devices", "disable") { Routes = ["POST /_/edge/:application/devices/:_id/_disable"] },
        new("edge/devices", "get") { Routes = ["GET /_/edge/:application/devices/:_id"] },
        new("edge/devices", "replace") { Routes = ["PUT /_/edge/:application/devices/:_id"], Body = "*!" },
        new("edge/devices", "search") { Routes = ["GET /_/edge/:application/devices/_search", "POST /_/edge/:application/devices/_search"], Query = Search, Body = "*" },
        new("edge/devices", "sessions") { Routes = ["GET /_/edge/:application/devices/_sessions", "GET /_/edge/:application/devices/:_id/_sessions"] },
        new("edge/devices", "setCredentials") { Routes = ["PUT /_/edge/:application/devices/:_id/_credentials"], Body = "credentials:list!" },
        new("edge/devices", "update") { Routes = ["PATCH /_/edge/:application/devices/:_id"], Body = "*!" },
        new("edge/events", "get") { Routes = ["GET /_/edge/:application/events/:_id"], Query = "collection format:document|cloudevents" },
        new("edge/events", "search")
        {
            Routes = ["GET /_/edge/:application/events/_search", "POST /_/edge/:application/events/_search"],
            Query = "collection format:document|cloudevents " + Search,
            Body = "*",
        },
    ];
}
