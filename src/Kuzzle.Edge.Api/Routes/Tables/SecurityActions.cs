namespace Kuzzle.Edge.Api.Routes.Tables;

/// <summary>Users, their rights and their tokens.</summary>
internal static class SecurityActions
{
    public static IReadOnlyList<ApiAction> All { get; } =
    [
        new("auth", "checkRights") { Routes = ["POST /_checkRights"], Body = "*!" },
        new("auth", "checkToken") { Routes = ["POST /_checkToken"], Query = "cookieAuth:flag", Body = "token" },
        new("auth", "createApiKey") { Routes = ["POST /api-keys/_create"], Query = "_id expiresIn refresh", Body = "description!" },
        new("auth", "createMyCredentials")
        {
            Routes = ["POST /_me/credentials/:strategy/_create"],
            Deprecated = ["POST /credentials/:strategy/_me/_create"],
            Body = "*!",
        },
        new("auth", "createToken") { Routes = ["POST /_createToken"], Query = "expiresIn singleUse:flag" },
        new("auth", "credentialsExist") { Routes = ["GET /_me/credentials/:strategy/_exists"], Deprecated = ["GET /credentials/:strategy/_me/_exists"] },
        new("auth", "deleteApiKey") { Routes = ["DELETE /api-keys/:_id"], Query = "refresh" },
        new("auth", "deleteMyCredentials") { Routes = ["DELETE /_me/credentials/:strategy"], Deprecated = ["DELETE /credentials/:strategy/_me"] },
        new("auth", "getCurrentUser") { Routes = ["GET /_me"], Deprecated = ["GET /users/_me"] },
        new("auth", "getMyCredentials") { Routes = ["GET /_me/credentials/:strategy"], Deprecated = ["GET /credentials/:strategy/_me"] },
        new("auth", "getMyRights") { Routes = ["GET /_me/_rights"], Deprecated = ["GET /users/_me/_rights"] },
        new("auth", "getStrategies") { Routes = ["GET /strategies"] },
        new("auth", "login") { Routes = ["GET /_login/:strategy", "POST /_login/:strategy"], Query = "expiresIn cookieAuth:flag", Body = "*" },
        new("auth", "logout") { Routes = ["POST /_logout"], Query = "global:flag cookieAuth:flag" },
        new("auth", "refreshToken") { Routes = ["POST /_refreshToken"], Query = "expiresIn strategy" },
        new("auth", "searchApiKeys") { Routes = ["POST /api-keys/_search"], Query = "from:integer size:integer lang:elasticsearch|koncorde", Body = "*" },
        new("auth", "updateMyCredentials") { Routes = ["PUT /_me/credentials/:strategy/_update"], Deprecated = ["PUT /credentials/:strategy/_me/_update"], Body = "*!" },
        new("auth", "updateSelf") { Routes = ["PUT /_me"], Deprecated = ["PUT /_updateSelf"], Query = "refresh retryOnConflict:integer", Body = "*!" },
        new("auth", "validateMyCredentials")
        {
            Routes = ["POST /_me/credentials/:strategy/_validate"],
            Deprecated = ["POST /credentials/:strategy/_me/_validate"],
            Body = "*!",
        },
        new("security", "checkRights") { Routes = ["POST /_checkRights/:userId"], Body = "*!" },
        new("security", "createApiKey") { Routes = ["POST /users/:userId/api-keys/_create"], Query = "_id expiresIn refresh", Body = "description!" },
        new("security", "createCredentials") { Routes = ["POST /credentials/:strategy/:_id/_create"], Body = "*!" },
        new("security", "createFirstAdmin")
        {
            Routes = ["POST /_createFirstAdmin/:_id", "POST /_createFirstAdmin"],
            Query = "_id reset:flag kuid:human|uuid refresh",
            Body = "content:object credentials:object claimCode",
        },
        new("security", "createOrReplaceProfile") { Routes = ["PUT /profiles/:_id"], Query = "strict:flag refresh", Body = "policies:list! rateLimit:integer" },
        new("security", "createOrReplaceRole") { Routes = ["PUT /roles/:_id"], Query = "force:flag refresh", Body = "controllers:object!" },
        new("security", "createProfile") { Routes = ["POST /profiles/:_id/_create"], Query = "strict:flag refresh", Body = "policies:list! rateLimit:integer" },
        new("security", "createRestrictedUser")
        {
            Routes = ["POST /users/_createRestricted", "POST /users/:_id/_createRestricted"],
            Query = "_id kuid:human|uuid refresh",
            Body = "content:object credentials:object",
        },
        new("security", "createRole") { Routes = ["POST /roles/:_id/_create"], Query = "force:flag refresh", Body = "controllers:object!" },
        new("security", "createUser")
        {
            Routes = ["POST /users/_create", "POST /users/:_id/_create"],
            Query = "_id kuid:human|uuid refresh",
            Body = "content:object! credentials:object",
        },
        new("security", "deleteApiKey") { Routes = ["DELETE /users/:userId/api-keys/:_id"], Query = "refresh" },
        new("security", "deleteCredentials") { Routes = ["DELETE /credentials/:strategy/:_id"] },
        new("security", "deleteProfile") { Routes = ["DELETE /profiles/:_id"], Query = "onAssignedUsers:fail|remove refresh" },
        new("security", "deleteRole") { Routes = ["DELETE /roles/:_id"], Query = "refresh" },
        new("security", "deleteUser") { Routes = ["DELETE /users/:_id"], Query = "refresh" },
        new("security", "getAllCredentialFields") { Routes = ["GET /credentials/_fields"] },
        new("security", "getCredentialFields") { Routes = ["GET /credentials/:strategy/_fields"] },
        new("security", "getCredentials") { Routes = ["GET /credentials/:strategy/:_id"] },
        new("security", "getCredentialsById") { Routes = ["GET /credentials/:strategy/:_id/_byId"] },
        new("security", "getProfile") { Routes = ["GET /profiles/:_id"] },
        new("security", "getProfileMapping") { Routes = ["GET /profiles/_mapping"], IsElsewhere = true },
        new("security", "getProfileRights") { Routes = ["GET /profiles/:_id/_rights"] },
        new("security", "getRole") { Routes = ["GET /roles/:_id"] },
        new("security", "getRoleMapping") { Routes = ["GET /roles/_mapping"], IsElsewhere = true },
        new("security", "getUser") { Routes = ["GET /users/:_id"] },
        new("security", "getUserMapping") { Routes = ["GET /users/_mapping"], IsElsewhere = true },
        new("security", "getUserRights") { Routes = ["GET /users/:_id/_rights"] },
        new("security", "getUserStrategies") { Routes = ["GET /users/:_id/_strategies"] },
        new("security", "hasCredentials") { Routes = ["GET /credentials/:strategy/:_id/_exists"] },
        new("security", "mDeleteProfiles") { Routes = ["POST /profiles/_mDelete"], Query = "refresh", Body = "ids:list!" },
        new("security", "mDeleteRoles") { Routes = ["POST /roles/_mDelete"], Query = "refresh", Body = "ids:list!" },
        new("security", "mDeleteUsers") { Routes = ["POST /users/_mDelete"], Query = "refresh", Body = "ids:list!" },
        new("security", "mGetProfiles") { Routes = ["POST /profiles/_mGet"], Body = "ids:list!" },
        new("security", "mGetRoles") { Routes = ["POST /roles/_mGet"], Body = "ids:list!" },
        new("security", "mGetUsers") { Routes = ["GET /users/_mGet", "POST /users/_mGet"], Query = "ids", Body = "ids:list!" },
        new("security", "refresh") { Routes = ["POST /_security/:collection/_refresh"] },
        new("security", "replaceUser") { Routes = ["PUT /users/:_id/_replace"], Query = "refresh", Body = "profileIds:list! *!" },
        new("security", "restrictDefaultRights") { Routes = ["POST /_restrictDefaultRights"] },
        new("security", "revokeTokens") { Routes = ["DELETE /users/:_id/tokens"] },
        new("security", "scrollProfiles") { Routes = ["GET /profiles/_scroll/:scrollId"], Query = "scroll" },
        new("security", "scrollUsers") { Routes = ["GET /users/_scroll/:scrollId"], Query = "scroll" },
        new("security", "searchApiKeys")
        {
            Routes = ["POST /users/:userId/api-keys/_search"],
            Query = "from:integer size:integer scroll lang:elasticsearch|koncorde",
            Body = "*",
        },
        new("security", "searchProfiles")
        {
            Routes = ["POST /profiles/_search"],
            Query = "from:integer size:integer scroll lang:elasticsearch|koncorde",
            Body = "roles:list query:object",
        },
        new("security", "searchRoles")
        {
            Routes = ["POST /roles/_search"],
            Query = "from:integer size:integer lang:elasticsearch|koncorde",
            Body = "controllers:list query:object",
        },
        new("security", "searchUsers")
        {
            Routes = ["POST /users/_search"],
            Query = "from:integer size:integer scroll lang:elasticsearch|koncorde",
            Body = "query:object",
        },
        new("security", "searchUsersByCredentials") { Routes = ["POST /credentials/:strategy/users/_search"], IsElsewhere = true },
        new("security", "updateCredentials") { Routes = ["PUT /credentials/:strategy/:_id/_update"], Body = "*!" },
        new("security", "updateProfile") { Routes = ["PUT /profiles/:_id/_update"], Query = "strict:flag refresh retryOnConflict:integer", Body = "*!" },
        new("security", "updateProfileMapping") { Routes = ["PUT /profiles/_mapping"], IsElsewhere = true },
        new("security", "updateRole") { Routes = ["PUT /roles/:_id/_update"], Query = "force:flag refresh retryOnConflict:integer", Body = "controllers:object!" },
        new("security", "updateRoleMapping") { Routes = ["PUT /roles/_mapping"], IsElsewhere = true },
        new("security", "updateUser") { Routes = ["PUT /users/:_id/_update"], Query = "refresh retryOnConflict:integer", Body = "*!" },
        new("security", "updateUserMapping") { Routes = ["PUT /users/_mapping"], IsElsewhere = true },
        new("security", "upsertUser")
        {
            Routes = ["POST /users/:_id/_upsert"],
            Query = "refresh retryOnConflict:integer",
            Body = "content:object! default:object credentials:object",
        },
        new("security", "validateCredentials") { Routes = ["POST /credentials/:strategy/:_id/_validate"], Body = "*!" },
    ];
}
