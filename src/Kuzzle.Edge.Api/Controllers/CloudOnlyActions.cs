using System.Collections.Frozen;

namespace Kuzzle.Edge.Api.Controllers;

/// <summary>The actions of Kuzzle that do not exist at the edge, each with the reason that its error tells. The documentation is made from it, too.</summary>
internal static class CloudOnlyActions
{
    private const string Debugger = "it controls the debugger of Node.js, and this is another program";
    private const string Redis = "of Redis only the commands about texts, tables and their ends are here";
    private const string Mappings = "the mappings of users, profiles and roles are fixed here";

    private static readonly string[] RedisCommands =
    [
        "bitcount", "bitop", "bitpos", "expireat", "geoadd", "geodist", "geohash", "geopos", "georadius", "georadiusbymember", "getbit", "getrange", "hexists", "hincrbyfloat",
        "hkeys", "hlen", "hscan", "hsetnx", "hstrlen", "hvals", "lindex", "linsert", "llen", "lpop", "lpush", "lpushx", "lrange", "lrem", "lset", "ltrim", "mexecute", "msetnx",
        "object", "pexpireat", "pfadd", "pfcount", "pfmerge", "psetex", "randomkey", "renamenx", "rpop", "rpoplpush", "rpush", "rpushx", "sadd", "scard", "sdiff", "sdiffstore",
        "sinter", "sinterstore", "sismember", "smembers", "smove", "sort", "spop", "srandmember", "srem", "sscan", "sunion", "sunionstore", "touch", "zadd", "zcard", "zcount",
        "zincrby", "zinterstore", "zlexcount", "zrange", "zrangebylex", "zrangebyscore", "zrank", "zrem", "zremrangebylex", "zremrangebyrank", "zremrangebyscore", "zrevrange",
        "zrevrangebylex", "zrevrangebyscore", "zrevrank", "zscan", "zscore", "zunionstore",
    ];

    /// <summary>By <c>controller:action</c>.</summary>
    public static FrozenDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(
    [
        new("admin:dump", "there is no crash dump of Node.js; edge/system tells how this process is"),
        new("cluster:status", "a gateway is one process and no cluster"),
        new("collection:scrollSpecifications", "collection:searchSpecifications answers as many as are asked for"),
        new("security:getProfileMapping", Mappings),
        new("security:getRoleMapping", Mappings),
        new("security:getUserMapping", Mappings),
        new("security:updateProfileMapping", Mappings),
        new("security:updateRoleMapping", Mappings),
        new("security:updateUserMapping", Mappings),
        new("security:searchUsersByCredentials", "credentials are kept so that nobody can search them"),
        .. ((string[])["addListener", "disable", "enable", "nodeVersion", "post", "removeListener"]).Select(action => KeyValuePair.Create($"debug:{action}", Debugger)),
        .. RedisCommands.SelectMany(command => (KeyValuePair<string, string>[])[new($"ms:{command}", Redis), new($"memoryStorage:{command}", Redis)]),
    ], StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
}
