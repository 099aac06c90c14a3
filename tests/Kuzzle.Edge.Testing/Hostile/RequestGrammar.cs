using System.Text;

namespace Kuzzle.Edge.Testing.Hostile;

/// <summary>Writes requests that are nearly right: known names in the right places, and among the values everything that JSON and its enemies know.</summary>
/// <param name="random">What comes follows from it.</param>
/// <param name="actions">The actions to ask for, as <c>controller:action</c>.</param>
public sealed class RequestGrammar(Random random, IReadOnlyList<string> actions)
{
    private static readonly string[] Names =
    [
        "_id", "index", "collection", "body", "targets", "documents", "ids", "query", "changes", "default", "fields", "mappings", "properties", "dynamic", "type", "settings",
        "bulkData", "create", "update", "doc", "strict", "silent", "source", "refresh", "retryOnConflict", "from", "size", "sort", "aggs", "lang", "scope", "users", "roomId",
        "volatile", "sdkName", "jwt", "requestId", "range", "gt", "equals", "and", "or", "not", "exists", "bool", "must", "validators", "multivalued", "value", "typeOptions",
        "min", "max", "entries", "keys", "key", "field", "seconds", "pattern", "startTime", "stopTime", "services", "database", "_kuzzle_info", "_routing", "__proto__", "",
    ];

    private static readonly string[] Texts =
    [
        "", "i", "c", "x", "y", "*", "_all", "%kuzzle", "kuzzle", "true", "false", "strict", "wait_for", "all", "none", "-1", "1e400", "NaN", "keyword", "integer", "string", "date",
        "koncorde", "memoryStorage", "\\u0000", "\\ud83d\\ude00", "é", "a.b.c", "a/b", "../..", "' OR 1=1 --", "2024-02-29T00:00:00Z",
    ];

    private static readonly string[] Numbers =
        ["0", "1", "-1", "-0", "2147483648", "9223372036854775808", "1e308", "-1e-320", "1e999", "0.1", "123456789012345678901234567890", new('9', 1000), "1e-99999999999"];

    /// <summary>The bytes of one payload.</summary>
    public byte[] Next()
    {
        var action = actions[random.Next(actions.Count)];
        var colon = action.LastIndexOf(':');
        var text = new StringBuilder("{");
        text.Append($"\"controller\":\"{action[..colon]}\",\"action\":\"{action[(colon + 1)..]}\"");
        if (random.Next(8) != 0) text.Append(",\"index\":\"i\",\"collection\":\"c\"");
        if (random.Next(3) != 0) text.Append(",\"_id\":\"x\"");
        if (random.Next(4) != 0) AppendBody(text.Append(",\"body\":"));
        for (var more = random.Next(4); more > 0; more--) AppendMember(text.Append(','), depth: 3);
        text.Append('}');
        return Damage(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The bytes of a body alone, which may be damaged, too.</summary>
    public byte[] NextBody()
    {
        var text = new StringBuilder();
        AppendBody(text);
        return Damage(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A name that means something somewhere.</summary>
    public string NextName() => Names[random.Next(Names.Length)];

    /// <summary>A value as a query string or a path would have it: a text, or JSON.</summary>
    public string NextText()
    {
        if (random.Next(2) == 0) return Texts[random.Next(Texts.Length)];

        var text = new StringBuilder();
        AppendValue(text, depth: 3);
        return text.ToString();
    }

    private void AppendBody(StringBuilder text)
    {
        text.Append('{');
        var count = random.Next(4);
        for (var i = 0; i < count; i++) AppendMember(i == 0 ? text : text.Append(','), depth: 4);
        text.Append('}');
    }

    private void AppendMember(StringBuilder text, int depth)
    {
        text.Append('"').Append(Names[random.Next(Names.Length)]).Append("\":");
        AppendValue(text, depth);
    }

    private void AppendValue(StringBuilder text, int depth)
    {
        switch (random.Next(depth > 0 ? 9 : 5))
        {
            case 0:
                text.Append("null");
                break;
            case 1:
                text.Append(random.Next(2) == 0 ? "true" : "false");
                break;
            case 2:
                text.Append(Numbers[random.Next(Numbers.Length)]);
                break;
            case 3 or 4:
                text.Append('"').Append(Texts[random.Next(Texts.Length)]).Append('"');
                break;
            case 5 when random.Next(20) == 0:
                var levels = random.Next(10, 200);
                text.Append('[', levels).Append(']', levels);
                break;
            case 5 or 6:
                AppendList(text, '[', ']', () => AppendValue(text, depth - 1));
                break;
            default:
                AppendList(text, '{', '}', () => AppendMember(text, depth - 1)); // Names may stand twice.
                break;
        }
    }

    private void AppendList(StringBuilder text, char open, char close, Action append)
    {
        text.Append(open);
        var count = random.Next(4);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(',');
            append();
        }

        text.Append(close);
    }

    /// <summary>One payload in ten is broken: a byte changed or lost, text that is no UTF-8, half a surrogate pair.</summary>
    private byte[] Damage(byte[] payload)
    {
        switch (random.Next(40))
        {
            case 0:
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
                return payload;
            case 1:
                return payload[..random.Next(payload.Length)];
            case 2:
                return [.. payload[..^1], .. ",\"_id\":\"\xff\"}"u8.ToArray().Select(part => part == 0xC3 ? (byte)0xFF : part)];
            case 3:
                return [.. payload[..^1], .. ",\"_id\":\"\\ud800\"}"u8];
            default:
                return payload;
        }
    }
}
