namespace Kuzzle.Edge.Api.Routes.Tables;

/// <summary>The box itself.</summary>
internal static class ServerActions
{
    public static IReadOnlyList<ApiAction> All { get; } =
    [
        new("server", "adminExists") { Routes = ["GET /_adminExists"] },
        new("server", "capabilities") { Routes = ["GET /_capabilities"] },
        new("server", "getAllStats") { Deprecated = ["GET /_getAllStats"] },
        new("server", "getConfig") { Routes = ["GET /_getConfig"] },
        new("server", "getLastStats") { Deprecated = ["GET /_getLastStats"] },
        new("server", "getStats") { Deprecated = ["GET /_getStats"], Query = "startTime stopTime" },
        new("server", "healthCheck") { Routes = ["GET /_healthCheck"], Query = "services" },
        new("server", "info") { Routes = ["GET /", "GET /_serverInfo"] },
        new("server", "metrics") { Routes = ["GET /_metrics"] },
        new("server", "now") { Routes = ["GET /_now"] },
        new("server", "openapi") { Routes = ["GET /_openapi"], Query = "format:json|yaml scope:kuzzle|app" },
        new("server", "publicApi") { Deprecated = ["GET /_publicApi"] },
        new("admin", "dump") { Routes = ["POST /admin/_dump"], IsElsewhere = true },
        new("admin", "loadFixtures") { Routes = ["POST /admin/_loadFixtures"], Query = "refresh", Body = "*!" },
        new("admin", "loadMappings") { Routes = ["POST /admin/_loadMappings"], Query = "refresh", Body = "*!" },
        new("admin", "loadSecurities") { Routes = ["POST /admin/_loadSecurities"], Query = "onExistingUsers:fail|skip|overwrite force:flag refresh", Body = "*!" },
        new("admin", "refreshIndexCache") { Routes = ["POST /admin/_refreshIndexCache"] },
        new("admin", "resetCache") { Routes = ["POST /admin/_resetCache"], Query = "database:internalCache|memoryStorage!" },
        new("admin", "resetDatabase") { Routes = ["POST /admin/_resetDatabase"] },
        new("admin", "resetSecurity") { Routes = ["POST /admin/_resetSecurity"] },
        new("admin", "shutdown") { Routes = ["POST /admin/_shutdown"] },
        new("edge/system", "config") { Routes = ["GET /_/edge/system/config"] },
        new("edge/system", "info") { Routes = ["GET /_/edge/system/info"] },
        new("edge/system", "logs") { Routes = ["GET /_/edge/system/logs"], Query = "size:integer" },
        new("edge/system", "metrics") { Routes = ["GET /_/edge/system/metrics"] },
        new("edge/sync", "flush") { Routes = ["POST /_/edge/sync/flush"] },
        new("edge/sync", "parked") { Routes = ["GET /_/edge/sync/parked"], Query = "size:integer" },
        new("edge/sync", "pause") { Routes = ["POST /_/edge/sync/pause"] },
        new("edge/sync", "resume") { Routes = ["POST /_/edge/sync/resume"] },
        new("edge/sync", "resync") { Routes = ["POST /_/edge/sync/resync/:index/:collection"] },
        new("edge/sync", "retry") { Routes = ["POST /_/edge/sync/retry"] },
        new("edge/sync", "status") { Routes = ["GET /_/edge/sync/status"] },
        new("cluster", "status") { Routes = ["GET /cluster/_status"], IsElsewhere = true },
        new("debug", "addListener") { IsElsewhere = true },
        new("debug", "disable") { Routes = ["POST /debug/_disable"], IsElsewhere = true },
        new("debug", "enable") { Routes = ["POST /debug/_enable"], IsElsewhere = true },
        new("debug", "nodeVersion") { Routes = ["GET /debug/_nodeVersion"], IsElsewhere = true },
        new("debug", "post") { Routes = ["POST /debug/_post"], IsElsewhere = true },
        new("debug", "removeListener") { IsElsewhere = true },
    ];
}
