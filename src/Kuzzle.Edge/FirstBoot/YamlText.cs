using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Trees;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// Reads YAML as cloud-init writes it: objects, lists and plain values, with the line of each. References (<c>*name</c>) and tags (<c>!!name</c>) are refused, for nobody writes them there,
/// and a small file of references could become a large tree.
/// </summary>
internal sealed class YamlText
{
    /// <summary>Far more than any key has levels; what is deeper is a mistake, and would be a recursion as deep.</summary>
    private const int MaxDepth = 32;

    private readonly string _source;
    private readonly Parser _events;

    private YamlText(string text, string source)
    {
        _source = source;
        _events = new Parser(new StringReader(text));
    }

    private Origin Here => new(_source, (int)(_events.Current?.Start.Line ?? 1));

    /// <summary>What the text says; an object without members when it says nothing; null, with a fault, when it is no such YAML.</summary>
    public static SettingObject? Read(string text, string source, List<ConfigurationFault> faults)
    {
        try
        {
            return new YamlText(text, source).ReadStream();
        }
        catch (YamlException exception)
        {
            var cause = exception.InnerException is YamlException inner ? inner : exception;
            faults.Add(new ConfigurationFault(new Origin(source, (int)cause.Start.Line), $"is not valid YAML: {cause.Message}"));
            return null;
        }
    }

    private SettingObject ReadStream()
    {
        Take<StreamStart>();
        if (_events.Current is StreamEnd) return new SettingObject(new Origin(_source, 1), new Dictionary<string, SettingNode>(StringComparer.Ordinal));

        Take<DocumentStart>();
        var origin = Here;
        var node = ReadNode(depth: 0);
        Take<DocumentEnd>();
        if (_events.Current is not StreamEnd) throw Fault("a second document follows; there may be one");

        return node switch
        {
            SettingObject written => written,
            SettingScalar { Value: null } => new SettingObject(origin, new Dictionary<string, SettingNode>(StringComparer.Ordinal)),
            _ => throw new YamlException(new Mark(0, origin.Line ?? 1, 1), default, $"it must be keys with values, not {node.Describe()}"),
        };
    }

    private SettingNode ReadNode(int depth)
    {
        if (depth > MaxDepth) throw Fault($"values within more than {MaxDepth} others");
        if (_events.Current is NodeEvent { Tag.IsEmpty: false } tagged && !tagged.Tag.IsNonSpecific) throw Fault($"tags such as {tagged.Tag.Value} are not understood");

        var origin = Here;
        switch (_events.Current)
        {
            case Scalar scalar:
                _events.MoveNext();
                return scalar.Style == ScalarStyle.Plain ? PlainOf(origin, scalar.Value) : new SettingScalar(origin, scalar.Value);
            case SequenceStart:
                var items = new List<SettingNode>();
                for (_events.MoveNext(); _events.Current is not SequenceEnd;) items.Add(ReadNode(depth + 1));
                _events.MoveNext();
                return new SettingList(origin, items);
            case MappingStart:
                return ReadMapping(origin, depth);
            default:
                throw Fault("references are not understood; write the value itself");
        }
    }

    private SettingObject ReadMapping(Origin origin, int depth)
    {
        var members = new Dictionary<string, SettingNode>(StringComparer.Ordinal);
        for (_events.MoveNext(); _events.Current is not MappingEnd;)
        {
            if (_events.Current is not Scalar key) throw Fault("a key must be a text");

            _events.MoveNext();
            if (!members.TryAdd(key.Value, ReadNode(depth + 1))) throw new YamlException(key.Start, key.End, $"\"{key.Value}\" is written twice");
        }

        _events.MoveNext();
        return new SettingObject(origin, members);
    }

    /// <summary>Without quotation marks, YAML 1.1 has words for true, false and nothing; numbers stay text, for a password may be one.</summary>
    private static SettingScalar PlainOf(Origin origin, string text) => text switch
    {
        "" or "~" => new SettingScalar(origin, Value: null),
        _ when text.ToLowerInvariant() is "null" => new SettingScalar(origin, Value: null),
        _ when text.ToLowerInvariant() is "true" or "yes" or "on" => new SettingScalar(origin, Value: true, text),
        _ when text.ToLowerInvariant() is "false" or "no" or "off" => new SettingScalar(origin, Value: false, text),
        _ => new SettingScalar(origin, text),
    };

    private void Take<T>()
        where T : ParsingEvent
    {
        if (_events.Current is null) _events.MoveNext();
        if (_events.Current is not T) throw Fault("it ends too early");
        _events.MoveNext();
    }

    private YamlException Fault(string message) => new(_events.Current?.Start ?? default, _events.Current?.End ?? default, message);
}
