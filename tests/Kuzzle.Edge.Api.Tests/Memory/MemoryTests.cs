using Kuzzle.Edge.Api.Memory;

namespace Kuzzle.Edge.Api.Tests.Memory;

/// <summary>The controller ms, with the answers of Redis.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("append", """ "_id":"t","body":{"value":"def"} """, "6")]
    [InlineData("dbsize", "", "3")]
    [InlineData("decr", """ "_id":"n" """, "4")]
    [InlineData("decrby", """ "_id":"n","body":{"value":3} """, "2")]
    [InlineData("del", """ "body":{"keys":["t","n","none"]} """, "2")]
    [InlineData("exists", """ "keys":["t","t","none"] """, "2")]
    [InlineData("get", """ "_id":"t" """, "\"abc\"")]
    [InlineData("get", """ "_id":"none" """, "null")]
    [InlineData("getset", """ "_id":"t","body":{"value":1} """, "\"abc\"")]
    [InlineData("hdel", """ "_id":"h","body":{"fields":["a","z"]} """, "1")]
    [InlineData("hget", """ "_id":"h","field":"a" """, "\"1\"")]
    [InlineData("hgetall", """ "_id":"h" """, """{"a":"1","b":"two"}""")]
    [InlineData("hincrby", """ "_id":"h","body":{"field":"a","value":5} """, "6")]
    [InlineData("hmget", """ "_id":"h","fields":["b","z"] """, """["two",null]""")]
    [InlineData("hmset", """ "_id":"h","body":{"entries":[{"field":"c","value":3}]} """, "\"OK\"")]
    [InlineData("hset", """ "_id":"h","body":{"field":"a","value":3} """, "0")]
    [InlineData("hset", """ "_id":"h","body":{"field":"c","value":3} """, "1")]
    [InlineData("incr", """ "_id":"n" """, "6")]
    [InlineData("incrby", """ "_id":"new","body":{"value":"7"} """, "7")]
    [InlineData("incrbyfloat", """ "_id":"n","body":{"value":0.5} """, "\"5.5\"")]
    [InlineData("keys", """ "pattern":"[hn]" """, """["h","n"]""")]
    [InlineData("mget", """ "keys":["t","h","none"] """, """["abc",null,null]""")]
    [InlineData("mset", """ "body":{"entries":[{"key":"x","value":1},{"key":"y","value":"2"}]} """, "\"OK\"")]
    [InlineData("persist", """ "_id":"t" """, "0")]
    [InlineData("expire", """ "_id":"t","body":{"seconds":10} """, "1")]
    [InlineData("pexpire", """ "_id":"none","body":{"milliseconds":10} """, "0")]
    [InlineData("ping", "", "\"PONG\"")]
    [InlineData("pttl", """ "_id":"none" """, "-2")]
    [InlineData("ttl", """ "_id":"t" """, "-1")]
    [InlineData("rename", """ "_id":"t","body":{"newkey":"u"} """, "\"OK\"")]
    [InlineData("scan", """ "cursor":0,"match":"t*" """, """["0",["t"]]""")]
    [InlineData("set", """ "_id":"t","body":{"value":"v","nx":true} """, "null")]
    [InlineData("set", """ "_id":"t","body":{"value":"v","xx":true} """, "\"OK\"")]
    [InlineData("setex", """ "_id":"t","body":{"value":"v","seconds":5} """, "\"OK\"")]
    [InlineData("setnx", """ "_id":"fresh","body":{"value":"v"} """, "1")]
    [InlineData("strlen", """ "_id":"t" """, "3")]
    [InlineData("type", """ "_id":"h" """, "\"hash\"")]
    [InlineData("type", """ "_id":"none" """, "\"none\"")]
    [InlineData("flushdb", "", "\"OK\"")]
    public async Task A_command_answers_as_Redis_does(string action, string members, string result)
    {
        await FillAsync();

        (await _gateway.MustAsync($"ms:{action}", members.Trim())).GetRawText().ShouldBe(result);
    }

    [Theory]
    [InlineData("incr", """ "_id":"t" """, "api.assert.invalid_argument")]
    [InlineData("incrby", """ "_id":"n","body":{"value":"x"} """, "api.assert.invalid_type")]
    [InlineData("get", """ "_id":"h" """, "api.assert.invalid_argument")]
    [InlineData("hget", """ "_id":"t","field":"a" """, "api.assert.invalid_argument")]
    [InlineData("get", "", "api.assert.missing_argument")]
    [InlineData("set", """ "_id":"t" """, "api.assert.body_required")]
    [InlineData("set", """ "_id":"t","body":{} """, "api.assert.missing_argument")]
    [InlineData("set", """ "_id":"t","body":{"value":[]} """, "api.assert.invalid_type")]
    [InlineData("set", """ "_id":"t","body":{"value":1,"nx":true,"xx":true} """, "api.assert.mutually_exclusive")]
    [InlineData("mget", """ "keys":[] """, "api.assert.empty_argument")]
    [InlineData("rename", """ "_id":"none","body":{"newkey":"u"} """, "api.assert.invalid_argument")]
    [InlineData("zadd", """ "_id":"z" """, "api.process.action_not_found")]
    public async Task A_wrong_command_gets_an_error_and_changes_nothing(string action, string members, string error)
    {
        await FillAsync();

        (await _gateway.ErrorOfAsync($"ms:{action}", members.Trim())).ShouldBe(error);

        (await _gateway.MustAsync("memoryStorage:get", "\"_id\":\"t\"")).GetString().ShouldBe("abc");
        (await _gateway.MustAsync("ms:dbsize")).GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_key_ends_when_its_time_is_over()
    {
        await _gateway.MustAsync("ms:set", """
            "_id":"k","body":{"value":"v","px":1500}
            """);
        (await _gateway.MustAsync("ms:ttl", "\"_id\":\"k\"")).GetInt32().ShouldBe(2);

        _gateway.Clock.Advance(TimeSpan.FromMilliseconds(1499));
        (await _gateway.MustAsync("ms:get", "\"_id\":\"k\"")).GetString().ShouldBe("v");

        _gateway.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await _gateway.MustAsync("ms:exists", "\"keys\":[\"k\"]")).GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_full_memory_refuses_until_something_ends()
    {
        using var gateway = new Gateway(new ApiOptions { FreshRights = FreshRights.Open, Limits = new ApiLimits { MemoryStorageBytes = 1000 } });
        await gateway.MustAsync("ms:setex", $$"""
            "_id":"a","body":{"seconds":1,"value":"{{new string('x', 300)}}"}
            """);

        (await gateway.ErrorOfAsync("ms:set", $$"""
            "_id":"b","body":{"value":"{{new string('x', 300)}}"}
            """)).ShouldBe("services.cache.write_failed");
        (await gateway.MustAsync("ms:dbsize")).GetInt32().ShouldBe(1);

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        await gateway.MustAsync("ms:set", $$"""
            "_id":"b","body":{"value":"{{new string('x', 300)}}"}
            """);
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abb", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("[^a]b", "ab", false)]
    [InlineData("[a-c]b", "bb", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    [InlineData("a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void A_pattern_matches_as_in_Redis(string pattern, string key, bool matches) => GlobPattern.IsMatch(pattern, key).ShouldBe(matches);

    private async Task FillAsync()
    {
        await _gateway.MustAsync("ms:set", """
            "_id":"t","body":{"value":"abc"}
            """);
        await _gateway.MustAsync("ms:set", """
            "_id":"n","body":{"value":5}
            """);
        await _gateway.MustAsync("ms:hmset", """
            "_id":"h","body":{"entries":[{"field":"a","value":1},{"field":"b","value":"two"}]}
            """);
    }
}
