using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Memory;

/// <summary>The controller <c>ms</c>, also named <c>memoryStorage</c>: the commands of Redis about texts, tables and ends, with the answers of Redis.</summary>
internal sealed class MemoryController(MemoryStorage storage, ApiLimits limits)
{
    /// <summary>Longer than any key is kept: 10 000 years.</summary>
    private const long MaxMilliseconds = 315_576_000_000_000;

    private const string Ok = "OK";

    private delegate ApiResult Command(ApiRequest request, Arguments arguments);

    public IReadOnlyList<Controller> Controllers => [new Controller("ms", Actions), new Controller("memoryStorage", Actions)];

    private Dictionary<string, ActionHandler> Actions => new(StringComparer.Ordinal)
    {
        ["append"] = Do(Append),
        ["dbsize"] = Do((_, _) => ApiResult.Ok(storage.Count)),
        ["decr"] = Do((_, arguments) => Count(arguments, -1)),
        ["decrby"] = Do((_, arguments) => CountBy(arguments, -1)),
        ["del"] = Do((_, arguments) => arguments.TextsFromBody("keys") is var keys && arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(storage.Remove(keys))),
        ["exists"] = Do((_, arguments) => arguments.Texts("keys") is var keys && arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(storage.CountOf(keys))),
        ["expire"] = Do((_, arguments) => Expire(arguments, "seconds", 1000)),
        ["flushdb"] = Do(Clear),
        ["get"] = Do(Get),
        ["getset"] = Do(GetSet),
        ["hdel"] = Do(RemoveFields),
        ["hget"] = Do(GetField),
        ["hgetall"] = Do(GetTable),
        ["hincrby"] = Do(CountField),
        ["hmget"] = Do(GetFields),
        ["hmset"] = Do(SetFields),
        ["hset"] = Do(SetField),
        ["incr"] = Do((_, arguments) => Count(arguments, 1)),
        ["incrby"] = Do((_, arguments) => CountBy(arguments, 1)),
        ["incrbyfloat"] = Do(CountByFloat),
        ["keys"] = Do(Keys),
        ["mget"] = Do(GetMany),
        ["mset"] = Do(SetMany),
        ["persist"] = Do((_, arguments) => arguments.Id() is var key && arguments.AreWrong(out var refusal) ? refusal : Flag(storage.Expire(key, at: null))),
        ["pexpire"] = Do((_, arguments) => Expire(arguments, "milliseconds", 1)),
        ["ping"] = Do((_, _) => ApiResult.Ok("PONG")),
        ["pttl"] = Do((_, arguments) => arguments.Id() is var key && arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(storage.TimeLeft(key))),
        ["rename"] = Do(Rename),
        ["scan"] = Do(Scan),
        ["set"] = Do(Set),
        ["setex"] = Do(SetWithEnd),
        ["setnx"] = Do(SetNew),
        ["strlen"] = Do(Length),
        ["time"] = Do((_, _) => Time()),
        ["ttl"] = Do((_, arguments) => arguments.Id() is var key && arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(Seconds(storage.TimeLeft(key)))),
        ["type"] = Do((_, arguments) => arguments.Id() is var key && arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(storage.TypeOf(key))),
    };

    private static ActionHandler Do(Command command) => Controller.AtOnce(request => command(request, new Arguments(request)));

    /// <summary>Rounded up, so that a key never shows 0 seconds while it is there.</summary>
    private static long Seconds(long milliseconds) => milliseconds < 0 ? milliseconds : (milliseconds + 999) / 1000;

    private static ApiResult Flag(bool value) => ApiResult.Ok(value ? 1 : 0);

    private ApiResult Append(ApiRequest request, Arguments arguments)
    {
        var (key, value) = (arguments.Id(), arguments.ScalarFromBody("value"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        return Answer(storage.Change(key, before => before + value, out _, out var after), key, () => Encoding.UTF8.GetByteCount(after!));
    }

    private ApiResult Count(Arguments arguments, long by)
    {
        var key = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;
        return Answer(storage.Change(key, before => MemoryNumbers.Add(before, by), out _, out var after), key, () => long.Parse(after!, CultureInfo.InvariantCulture));
    }

    private ApiResult CountBy(Arguments arguments, int sign)
    {
        var by = arguments.LongFromBody("value");
        if (by == long.MinValue) arguments.Refuse(AssertErrors.InvalidType("body.value", "integer"));
        return Count(arguments, sign * by);
    }

    private ApiResult CountByFloat(ApiRequest request, Arguments arguments)
    {
        var (key, text) = (arguments.Id(), arguments.ScalarFromBody("value"));
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var by);
        if (!isNumber) arguments.Refuse(AssertErrors.InvalidType("body.value", "number"));
        if (arguments.AreWrong(out var refusal)) return refusal;
        return Answer(storage.Change(key, before => MemoryNumbers.Add(before, by), out _, out var after), key, () => after);
    }

    private ApiResult Expire(Arguments arguments, string unit, long factor)
    {
        var (key, time) = (arguments.Id(), arguments.LongFromBody(unit));
        return arguments.AreWrong(out var refusal) ? refusal : Flag(storage.Expire(key, EndIn(time, factor)));
    }

    private ApiResult Clear(ApiRequest request, Arguments arguments)
    {
        storage.Clear();
        return ApiResult.Ok(Ok);
    }

    private ApiResult Get(ApiRequest request, Arguments arguments)
    {
        var key = arguments.Id();
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.Get(key, out var text), key, () => text);
    }

    private ApiResult GetSet(ApiRequest request, Arguments arguments)
    {
        var (key, value) = (arguments.Id(), arguments.ScalarFromBody("value"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var fault = storage.Change(key, _ => value, out var before, out _);
        if (fault == MemoryFault.None) storage.Expire(key, at: null);
        return Answer(fault, key, () => before);
    }

    private ApiResult RemoveFields(ApiRequest request, Arguments arguments)
    {
        var (key, fields) = (arguments.Id(), arguments.TextsFromBody("fields"));
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.RemoveFields(key, fields, out var removed), key, () => removed);
    }

    private ApiResult GetField(ApiRequest request, Arguments arguments)
    {
        var (key, field) = (arguments.Id(), arguments.Scalar("field"));
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.GetFields(key, out var fields), key, () => fields?.GetValueOrDefault(field));
    }

    private ApiResult GetTable(ApiRequest request, Arguments arguments)
    {
        var key = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;

        return Answer(
            storage.GetFields(key, out var fields), key, () => new JsonObject((fields ?? new Dictionary<string, string>()).Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value))));
    }

    private ApiResult CountField(ApiRequest request, Arguments arguments)
    {
        var (key, field, by) = (arguments.Id(), arguments.ScalarFromBody("field"), arguments.LongFromBody("value"));
        if (arguments.AreWrong(out var refusal)) return refusal;
        return Answer(
            storage.ChangeField(key, field, before => MemoryNumbers.Add(before, by), out var after), key, () => long.Parse(after!, CultureInfo.InvariantCulture));
    }

    private ApiResult GetFields(ApiRequest request, Arguments arguments)
    {
        var (key, wanted) = (arguments.Id(), arguments.Texts("fields"));
        if (arguments.AreWrong(out var refusal)) return refusal;
        return Answer(storage.GetFields(key, out var fields), key, () => new JsonArray([.. wanted.Select(field => (JsonNode?)fields?.GetValueOrDefault(field))]));
    }

    private ApiResult SetFields(ApiRequest request, Arguments arguments)
    {
        var (key, entries) = (arguments.Id(), arguments.PairsFromBody("entries", "field"));
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.SetFields(key, entries, out _), key, () => Ok);
    }

    private ApiResult SetField(ApiRequest request, Arguments arguments)
    {
        var (key, field, value) = (arguments.Id(), arguments.ScalarFromBody("field"), arguments.ScalarFromBody("value"));
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.SetFields(key, [new(field, value)], out var added), key, () => added);
    }

    private ApiResult Keys(ApiRequest request, Arguments arguments)
    {
        var pattern = arguments.Scalar("pattern");
        return arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(Texts(Matching(pattern)));
    }

    private ApiResult GetMany(ApiRequest request, Arguments arguments)
    {
        var keys = arguments.Texts("keys");
        if (arguments.AreWrong(out var refusal)) return refusal;

        // A key of another kind is null here, as in Redis.
        return ApiResult.Ok(new JsonArray([.. keys.Select(key => storage.Get(key, out var text) == MemoryFault.None ? (JsonNode?)text : null)]));
    }

    private ApiResult SetMany(ApiRequest request, Arguments arguments)
    {
        var entries = arguments.PairsFromBody("entries", "key");
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.Set(entries), "", () => Ok);
    }

    private ApiResult Rename(ApiRequest request, Arguments arguments)
    {
        var (key, newKey) = (arguments.Id(), arguments.ScalarFromBody("newkey"));
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.Rename(key, newKey), key, () => Ok);
    }

    /// <summary>All in one step: the cursor that begins is the only one there is.</summary>
    private ApiResult Scan(ApiRequest request, Arguments arguments)
    {
        arguments.Scalar("cursor");
        arguments.Integer("count", 10);
        var pattern = request.Argument("match").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "*" : arguments.Scalar("match");
        return arguments.AreWrong(out var refusal) ? refusal : ApiResult.Ok(new JsonArray("0", Texts(Matching(pattern))));
    }

    private ApiResult Set(ApiRequest request, Arguments arguments)
    {
        var (key, value) = (arguments.Id(), arguments.ScalarFromBody("value"));
        var (seconds, milliseconds) = (arguments.LongFromBody("ex", 0), arguments.LongFromBody("px", 0));
        var (ifNew, ifThere) = (arguments.SwitchFromBody("nx"), arguments.SwitchFromBody("xx"));
        if (ifNew && ifThere) arguments.Refuse(AssertErrors.MutuallyExclusive("nx", "xx"));
        if (seconds != 0 && milliseconds != 0) arguments.Refuse(AssertErrors.MutuallyExclusive("ex", "px"));
        if (seconds < 0 || milliseconds < 0) arguments.Refuse(AssertErrors.InvalidArgument(seconds < 0 ? "ex" : "px", "a positive number"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var end = seconds > 0 ? EndIn(seconds, 1000) : milliseconds > 0 ? EndIn(milliseconds, 1) : (long?)null;
        if (!ifNew && !ifThere) return Answer(storage.Set([new(key, value)], end), key, () => Ok);
        return Answer(storage.SetIf(ifThere, key, value, end, out var done), key, () => done ? Ok : null);
    }

    private ApiResult SetWithEnd(ApiRequest request, Arguments arguments)
    {
        var (key, value, seconds) = (arguments.Id(), arguments.ScalarFromBody("value"), arguments.LongFromBody("seconds"));
        if (seconds <= 0) arguments.Refuse(AssertErrors.InvalidArgument("seconds", "a positive number"));
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.Set([new(key, value)], EndIn(seconds, 1000)), key, () => Ok);
    }

    private ApiResult SetNew(ApiRequest request, Arguments arguments)
    {
        var (key, value) = (arguments.Id(), arguments.ScalarFromBody("value"));
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.SetIf(isThere: false, key, value, expiresAt: null, out var done), key, () => done ? 1 : 0);
    }

    private ApiResult Length(ApiRequest request, Arguments arguments)
    {
        var key = arguments.Id();
        return arguments.AreWrong(out var refusal) ? refusal : Answer(storage.Get(key, out var text), key, () => Encoding.UTF8.GetByteCount(text ?? ""));
    }

    private ApiResult Time()
    {
        var now = storage.Now;
        return ApiResult.Ok(new JsonArray((now / 1000).ToString(CultureInfo.InvariantCulture), (now % 1000 * 1000).ToString(CultureInfo.InvariantCulture)));
    }

    private IEnumerable<string> Matching(string pattern) => storage.Keys().Where(key => GlobPattern.IsMatch(pattern, key));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private long EndIn(long time, long factor) => storage.Now + (Math.Clamp(time, -MaxMilliseconds / factor, MaxMilliseconds / factor) * factor);

    private ApiResult Answer(MemoryFault fault, string key, Func<JsonNode?> result) => fault switch
    {
        MemoryFault.None => ApiResult.Ok(result()),
        MemoryFault.WrongKind => AssertErrors.InvalidArgument("_id", $"a key that holds another kind of value than \"{key}\" does ({storage.TypeOf(key)})"),
        MemoryFault.NotANumber => AssertErrors.InvalidArgument("_id", $"a key whose value stays a number; that of \"{key}\" does not"),
        MemoryFault.NoSuchKey => AssertErrors.InvalidArgument("_id", $"a key that is there; \"{key}\" is not"),
        _ => CacheErrors.Full(limits.MemoryStorageBytes),
    };
}
