using System.Text.Json;
using System.Text.Unicode;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Layers;

/// <summary>Reads JSON with comments and trailing commas, remembering the line of every value.</summary>
internal ref struct JsonText
{
    /// <summary>Far more than the deepest key has levels; what is deeper is a mistake.</summary>
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _source;
    private readonly List<ConfigurationFault> _faults;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _countedTo;

    private JsonText(ReadOnlySpan<byte> utf8, string source, List<ConfigurationFault> faults)
    {
        _utf8 = utf8;
        _source = source;
        _faults = faults;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth });
    }

    /// <summary>The value that the text is, or null and at least one fault.</summary>
    public static SettingNode? Read(ReadOnlySpan<byte> utf8, string source, List<ConfigurationFault> faults)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8["\uFEFF"u8.Length..]; // Some editors begin a file with a byte order mark.
        if (!Utf8.IsValid(utf8))
        {
            faults.Add(new ConfigurationFault(new Origin(source), "is not UTF-8 text"));
            return null;
        }

        var text = new JsonText(utf8, source, faults);
        try
        {
            text._reader.Read();
            var node = text.ReadValue();
            while (text._reader.Read())
            {
                // The reader itself refuses whatever follows the value.
            }

            return node;
        }
        catch (JsonException exception)
        {
            faults.Add(new ConfigurationFault(new Origin(source, (int)(exception.LineNumber ?? 0) + 1), $"is not valid JSON: {Reason(exception)}"));
            return null;
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that an escape such as \ud800 stands for half a character.
            faults.Add(new ConfigurationFault(text.Here(), "is not valid JSON: an escape in this text is half of a surrogate pair"));
            return null;
        }
    }

    private SettingNode ReadValue() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(),
        JsonTokenType.StartArray => ReadList(),
        JsonTokenType.String => new SettingScalar(Here(), _reader.GetString()),
        JsonTokenType.Number => new SettingScalar(Here(), _reader.GetDouble()),
        JsonTokenType.True => new SettingScalar(Here(), true),
        JsonTokenType.False => new SettingScalar(Here(), false),
        _ => new SettingScalar(Here(), null),
    };

    private SettingObject ReadObject()
    {
        var origin = Here();
        var members = new Dictionary<string, SettingNode>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString()!;
            _reader.Read();
            var value = ReadValue();
            if (members.TryGetValue(name, out var first))
            {
                _faults.Add(new ConfigurationFault(value.Origin, $"\"{name}\" is written twice; first in line {first.Origin.Line}"));
            }

            members[name] = value;
        }

        return new SettingObject(origin, members);
    }

    private SettingList ReadList()
    {
        var origin = Here();
        var items = new List<SettingNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue());
        return new SettingList(origin, items);
    }

    private Origin Here()
    {
        var at = (int)_reader.TokenStartIndex;
        _line += _utf8[_countedTo..at].Count((byte)'\n');
        _countedTo = at;
        return new Origin(_source, _line);
    }

    /// <summary>The library's sentence without its position, which the fault carries already.</summary>
    private static string Reason(JsonException exception)
    {
        var position = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? exception.Message : exception.Message[..position];
    }
}
