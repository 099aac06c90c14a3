namespace Kuzzle.Edge.Api.Routes.Tables;

/// <summary>Documents, collections, indexes, bulk and realtime.</summary>
internal static class DocumentActions
{
    public static IReadOnlyList<ApiAction> All { get; } =
    [
        new("document", "count") { Routes = ["POST /:index/:collection/_count"], Query = "lang:elasticsearch|koncorde", Body = "query:object" },
        new("document", "create")
        {
            Routes = ["POST /:index/:collection/_create", "POST /:index/:collection/:_id/_create"],
            Query = "_id refresh silent:flag",
            Body = "*!",
        },
        new("document", "createOrReplace") { Routes = ["PUT /:index/:collection/:_id"], Query = "refresh silent:flag", Body = "*!" },
        new("document", "delete") { Routes = ["DELETE /:index/:collection/:_id"], Query = "refresh silent:flag source:flag" },
        new("document", "deleteByQuery")
        {
            Routes = ["DELETE /:index/:collection/_query"],
            Query = "refresh silent:flag source:flag lang:elasticsearch|koncorde",
            Body = "query:object",
        },
        new("document", "deleteFields") { Routes = ["DELETE /:index/:collection/:_id/_fields"], Query = "refresh silent:flag source:flag", Body = "fields:list!" },
        new("document", "exists") { Routes = ["GET /:index/:collection/:_id/_exists"] },
        new("document", "export")
        {
            Routes = ["GET /:index/:collection/_export", "POST /:index/:collection/_export"],
            Query = "format:jsonl|csv separator scroll from:integer size:integer lang:elasticsearch|koncorde",
            Body = "query:object collapse:object fields:list fieldsName:object",
        },
        new("document", "get") { Routes = ["GET /:index/:collection/:_id"] },
        new("document", "mCreate") { Routes = ["POST /:index/:collection/_mCreate"], Query = "refresh silent:flag strict:flag", Body = "documents:list!" },
        new("document", "mCreateOrReplace")
        {
            Routes = ["PUT /:index/:collection/_mCreateOrReplace"],
            Query = "refresh silent:flag strict:flag source:flag",
            Body = "documents:list!",
        },
        new("document", "mDelete") { Routes = ["DELETE /:index/:collection/_mDelete"], Query = "refresh silent:flag strict:flag", Body = "ids:list!" },
        new("document", "mExists") { Routes = ["POST /:index/:collection/_mExists"], Query = "ids:list strict:flag", Body = "ids:list!" },
        new("document", "mGet") { Routes = ["GET /:index/:collection/_mGet", "POST /:index/:collection/_mGet"], Query = "ids:list strict:flag", Body = "ids:list!" },
        new("document", "mReplace") { Routes = ["PUT /:index/:collection/_mReplace"], Query = "refresh silent:flag strict:flag", Body = "documents:list!" },
        new("document", "mUpdate")
        {
            Routes = ["PATCH /:index/:collection/_mUpdate"],
            Deprecated = ["PUT /:index/:collection/_mUpdate"],
            Query = "refresh silent:flag strict:flag retryOnConflict:integer",
            Body = "documents:list!",
        },
        new("document", "mUpsert")
        {
            Routes = ["POST /:index/:collection/_mUpsert"],
            Query = "refresh silent:flag strict:flag retryOnConflict:integer",
            Body = "documents:list!",
        },
        new("document", "replace") { Routes = ["PUT /:index/:collection/:_id/_replace"], Query = "refresh silent:flag", Body = "*!" },
        new("document", "scroll") { Routes = ["GET /_scroll/:scrollId"], Query = "scroll" },
        new("document", "search")
        {
            Routes = ["GET /:index/:collection/_search", "POST /:index/:collection/_search"],
            Query = "targets:list from:integer size:integer scroll lang:elasticsearch|koncorde searchBody:object",
            Body = "*",
        },
        new("document", "update")
        {
            Routes = ["PATCH /:index/:collection/:_id/_update"],
            Deprecated = ["PUT /:index/:collection/:_id/_update"],
            Query = "refresh silent:flag source:flag retryOnConflict:integer",
            Body = "*!",
        },
        new("document", "updateByQuery")
        {
            Routes = ["PUT /:index/:collection/_query"],
            Query = "refresh silent:flag source:flag lang:elasticsearch|koncorde",
            Body = "query:object! changes:object!",
        },
        new("document", "upsert")
        {
            Routes = ["POST /:index/:collection/:_id/_upsert"],
            Deprecated = ["PUT /:index/:collection/:_id/_upsert"],
            Query = "refresh silent:flag source:flag retryOnConflict:integer",
            Body = "changes:object! default:object",
        },
        new("document", "validate") { Routes = ["POST /:index/:collection/_validate"], Body = "*!" },
        new("collection", "create") { Routes = ["PUT /:index/:collection"], Body = "mappings:object settings:object" },
        new("collection", "delete") { Routes = ["DELETE /:index/:collection"] },
        new("collection", "deleteSpecifications") { Routes = ["DELETE /:index/:collection/_specifications"] },
        new("collection", "exists") { Routes = ["GET /:index/:collection/_exists"] },
        new("collection", "getMapping") { Routes = ["GET /:index/:collection/_mapping"], Query = "includeKuzzleMeta:flag" },
        new("collection", "getSettings") { Routes = ["GET /:index/:collection/_settings"], IsElsewhere = true },
        new("collection", "getSpecifications") { Routes = ["GET /:index/:collection/_specifications"] },
        new("collection", "list") { Routes = ["GET /:index/_list"], Query = "type:all|stored|realtime from:integer size:integer" },
        new("collection", "refresh") { Routes = ["POST /:index/:collection/_refresh"] },
        new("collection", "scrollSpecifications") { Routes = ["GET /validations/_scroll/:scrollId"], IsElsewhere = true },
        new("collection", "searchSpecifications") { Routes = ["POST /validations/_search"], IsElsewhere = true },
        new("collection", "truncate") { Routes = ["DELETE /:index/:collection/_truncate"] },
        new("collection", "update") { Routes = ["POST /:index/:collection"], Body = "mappings:object settings:object" },
        new("collection", "updateMapping") { Deprecated = ["PUT /:index/:collection/_mapping"], Body = "*!" },
        new("collection", "updateSpecifications") { Routes = ["PUT /:index/:collection/_specifications"], Body = "*!" },
        new("collection", "validateSpecifications") { Routes = ["POST /:index/:collection/_validateSpecifications"], Body = "*!" },
        new("index", "create") { Routes = ["POST /:index/_create"] },
        new("index", "delete") { Routes = ["DELETE /:index"] },
        new("index", "exists") { Routes = ["GET /:index/_exists"] },
        new("index", "list") { Routes = ["GET /_list"], Query = "countCollection:flag" },
        new("index", "mDelete") { Routes = ["DELETE /_mDelete"], Deprecated = ["DELETE /_mdelete"], Body = "indexes:list" },
        new("index", "stats") { Routes = ["GET /_storageStats"] },
        new("bulk", "deleteByQuery") { Routes = ["DELETE /:index/:collection/_bulk/_query"], Query = "refresh", Body = "query:object!" },
        new("bulk", "import") { Routes = ["POST /:index/:collection/_bulk"], Query = "refresh strict:flag", Body = "bulkData:list!" },
        new("bulk", "mWrite") { Routes = ["POST /:index/:collection/_mWrite"], Query = "refresh strict:flag notify:flag", Body = "documents:list!" },
        new("bulk", "updateByQuery") { Routes = ["PATCH /:index/:collection/_bulk/_query"], Query = "refresh", Body = "query:object! changes:object!" },
        new("bulk", "write") { Routes = ["POST /:index/:collection/_write"], Query = "_id refresh notify:flag", Body = "*!" },
        new("realtime", "count") { Body = "roomId!" },
        new("realtime", "join") { Query = "scope:all|in|out|none users:all|in|out|none volatile:object", Body = "roomId!" },
        new("realtime", "list") { Routes = ["GET /_listSubscriptions"] },
        new("realtime", "publish") { Routes = ["POST /:index/:collection/_publish"], Query = "_id", Body = "*!" },
        new("realtime", "subscribe") { Query = "index! collection! scope:all|in|out|none users:all|in|out|none volatile:object propagate:flag", Body = "*!" },
        new("realtime", "unsubscribe") { Body = "roomId!" },
        new("realtime", "validate") { Query = "index! collection!", Body = "*!" },
    ];
}
