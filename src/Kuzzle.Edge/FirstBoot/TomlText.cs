using System.Globalization;
using System.Text;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// Reads TOML 1.0, remembering the line of every value. Dates are refused, for no setting is one. The first fault ends the reading: what follows it could mean anything.
/// </summary>
internal sealed class TomlText
{
    /// <summary>Far more than any key has levels; what is deeper is a mistake, and would be a recursion as deep.</summary>
    private const int MaxDepth = 32;

    private readonly string _text;
    private readonly string _source;
    private readonly Table _root = new(1);
    private int _at;
    private int _line = 1;

    private TomlText(string text, string source)
    {
        _text = text.ReplaceLineEndings("\n");
        _source = source;
    }

    private bool IsAtEnd => _at >= _text.Length;

    private char Next => IsAtEnd ? '\n' : _text[_at];

    /// <summary>What the text says; null, with a fault, when it is no TOML.</summary>
    public static SettingObject? Read(string text, string source, List<ConfigurationFault> faults)
    {
        var toml = new TomlText(text, source);
        try
        {
            toml.ReadDocument();
            return toml.ObjectOf(toml._root);
        }
        catch (FormatException exception)
        {
            faults.Add(new ConfigurationFault(new Origin(source, toml._line), $"is not valid TOML: {exception.Message}"));
            return null;
        }
    }

    private void ReadDocument()
    {
        var table = _root;
        while (true)
        {
            SkipBlanksAndLines();
            if (IsAtEnd) return;

            if (Next == '[') table = ReadHeader();
            else ReadAssignment(table);
            ExpectEndOfLine();
        }
    }

    private Table ReadHeader()
    {
        _at++;
        var isItem = Next == '[';
        if (isItem) _at++;
        var path = ReadKey();
        Expect(']');
        if (isItem) Expect(']');

        var holder = _root;
        foreach (var name in path.AsSpan()[..^1]) holder = Descend(holder, name);

        var last = path[^1];
        if (isItem)
        {
            if (!holder.Members.TryGetValue(last, out var found)) holder.Members[last] = found = new Items(_line);
            if (found is not Items items) throw new FormatException($"\"{last}\" is no list of tables");
            var item = new Table(_line);
            items.Tables.Add(item);
            return item;
        }

        var table = holder.Members.TryGetValue(last, out var existing) && existing is Items ? throw new FormatException($"\"{last}\" is a list of tables: write [[{last}]]") : Descend(holder, last);
        if (table.IsHeaded) throw new FormatException($"[{string.Join('.', path)}] is written twice");
        table.IsHeaded = true;
        return table;
    }

    private void ReadAssignment(Table table)
    {
        var path = ReadKey();
        foreach (var name in path.AsSpan()[..^1]) table = Descend(table, name);
        Expect('=');
        if (table.Members.ContainsKey(path[^1])) throw new FormatException($"\"{string.Join('.', path)}\" is written twice");
        table.Members[path[^1]] = new Leaf(ReadValue(1));
    }

    private Table Descend(Table table, string name)
    {
        if (!table.Members.TryGetValue(name, out var found)) table.Members[name] = found = new Table(_line);
        return found switch
        {
            Table inner => inner,
            Items items => items.Tables[^1],
            _ => throw new FormatException($"\"{name}\" has a value already and cannot hold others"),
        };
    }

    private string[] ReadKey()
    {
        var names = new List<string>();
        do
        {
            if (names.Count == MaxDepth) throw new FormatException($"a key of more than {MaxDepth} parts");
            SkipBlanks();
            names.Add(Next switch { '"' => ReadBasic(), '\'' => ReadLiteral(), _ => ReadBareKey() });
            SkipBlanks();
        }
        while (Take('.'));

        return [.. names];
    }

    private string ReadBareKey()
    {
        var start = _at;
        while (!IsAtEnd && (char.IsAsciiLetterOrDigit(Next) || Next is '-' or '_')) _at++;
        return _at > start ? _text[start.._at] : throw new FormatException($"a key is missing before {ShowNext()}");
    }

    private SettingNode ReadValue(int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"values within more than {MaxDepth} others");

        SkipBlanks();
        var origin = Here();
        return Next switch
        {
            '"' when IsHere("\"\"\"") => new SettingScalar(origin, ReadLongBasic()),
            '\'' when IsHere("'''") => new SettingScalar(origin, ReadLongLiteral()),
            '"' => new SettingScalar(origin, ReadBasic()),
            '\'' => new SettingScalar(origin, ReadLiteral()),
            '[' => ReadList(origin, depth),
            '{' => ReadInline(depth),
            _ => ReadWord(origin),
        };
    }

    private SettingList ReadList(Origin origin, int depth)
    {
        _at++;
        var items = new List<SettingNode>();
        while (true)
        {
            SkipBlanksAndLines();
            if (Take(']')) return new SettingList(origin, items);

            items.Add(ReadValue(depth + 1));
            SkipBlanksAndLines();
            if (Take(',')) continue;

            Expect(']');
            return new SettingList(origin, items);
        }
    }

    private SettingObject ReadInline(int depth)
    {
        var table = new Table(_line);
        _at++;
        SkipBlanks();
        if (Take('}')) return ObjectOf(table);

        do
        {
            var path = ReadKey();
            var holder = table;
            foreach (var name in path.AsSpan()[..^1]) holder = Descend(holder, name);
            Expect('=');
            if (!holder.Members.TryAdd(path[^1], new Leaf(ReadValue(depth + 1)))) throw new FormatException($"\"{string.Join('.', path)}\" is written twice");
            SkipBlanks();
        }
        while (Take(','));

        Expect('}');
        return ObjectOf(table);
    }

    /// <summary>What stands without quotation marks: true, false, or a number.</summary>
    private SettingScalar ReadWord(Origin origin)
    {
        var start = _at;
        while (!IsAtEnd && (char.IsAsciiLetterOrDigit(Next) || Next is '+' or '-' or '_' or '.' or ':')) _at++;
        var word = _text[start.._at];
        if (word.Length == 0) throw new FormatException($"a value is missing before {ShowNext()}");
        if (word is "true" or "false") return new SettingScalar(origin, word == "true");

        return new SettingScalar(origin, NumberOf(word) ?? throw new FormatException($"\"{word}\" is neither a number nor true or false; text and dates stand in quotation marks"));
    }

    private static double? NumberOf(string word)
    {
        if (word.StartsWith('_') || word.EndsWith('_') || word.Contains("__", StringComparison.Ordinal)) return null;

        var digits = word.Replace("_", "", StringComparison.Ordinal);
        var style = digits.StartsWith("0x", StringComparison.Ordinal) ? NumberStyles.AllowHexSpecifier : digits.StartsWith("0b", StringComparison.Ordinal) ? NumberStyles.AllowBinarySpecifier : NumberStyles.None;
        if (style != NumberStyles.None) return long.TryParse(digits.AsSpan(2), style, CultureInfo.InvariantCulture, out var based) ? based : null;

        var unsigned = digits.TrimStart('+', '-');
        if (digits.Length - unsigned.Length > 1 || unsigned is not [>= '0' and <= '9', ..] || !char.IsAsciiDigit(unsigned[^1])) return null;
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    private string ReadLiteral()
    {
        var end = _text.AsSpan(_at + 1).IndexOfAny('\'', '\n');
        if (end < 0 || _text[_at + 1 + end] == '\n') throw new FormatException("a text has no end in its line");

        var literal = _text.Substring(_at + 1, end);
        _at += end + 2;
        return literal;
    }

    private string ReadLongLiteral()
    {
        var start = _at + 3;
        var end = _text.IndexOf("'''", start, StringComparison.Ordinal);
        if (end < 0) throw new FormatException("a text that begins with ''' has no end");

        _at = end + 3;
        _line += _text.AsSpan(start, end - start).Count('\n');
        return start < end && _text[start] == '\n' ? _text[(start + 1)..end] : _text[start..end];
    }

    private string ReadBasic()
    {
        var text = new StringBuilder();
        _at++;
        while (Next != '"')
        {
            if (Next == '\n') throw new FormatException("a text has no end in its line");
            ReadCharacter(text);
        }

        _at++;
        return text.ToString();
    }

    private string ReadLongBasic()
    {
        var text = new StringBuilder();
        _at += 3;
        if (Next == '\n') SkipLineEnd();
        while (!IsHere("\"\"\""))
        {
            if (IsAtEnd) throw new FormatException("a text that begins with \"\"\" has no end");

            if (Next == '\\' && _text.AsSpan(_at + 1).TrimStart(" \t") is ['\n', ..]) // A line that ends so goes on in the next one that has text.
            {
                _at++;
                while (!IsAtEnd && Next is ' ' or '\t' or '\n')
                {
                    if (Next == '\n') SkipLineEnd();
                    else _at++;
                }
            }
            else if (Next == '\n')
            {
                text.Append('\n');
                SkipLineEnd();
            }
            else
            {
                ReadCharacter(text);
            }
        }

        _at += 3;
        return text.ToString();
    }

    private void ReadCharacter(StringBuilder text)
    {
        var character = _text[_at++];
        if (character != '\\')
        {
            text.Append(character);
            return;
        }

        var escape = IsAtEnd ? '\n' : _text[_at++];
        switch (escape)
        {
            case 'b': text.Append('\b'); break;
            case 't': text.Append('\t'); break;
            case 'n': text.Append('\n'); break;
            case 'f': text.Append('\f'); break;
            case 'r': text.Append('\r'); break;
            case '"': text.Append('"'); break;
            case '\\': text.Append('\\'); break;
            case 'u': text.Append(ReadRune(4)); break;
            case 'U': text.Append(ReadRune(8)); break;
            default: throw new FormatException($"\\{escape.ToString().ReplaceLineEndings("")} means nothing in a text; write \\\\ for \\");
        }
    }

    private string ReadRune(int digits)
    {
        if (_at + digits > _text.Length
            || !uint.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !Rune.TryCreate(value, out var rune))
        {
            throw new FormatException("an escape with \\u or \\U names no character");
        }

        _at += digits;
        return rune.ToString();
    }

    private void ExpectEndOfLine()
    {
        SkipBlanks();
        if (Next == '#') SkipComment();
        if (Next != '\n') throw new FormatException($"{ShowNext()} follows where the line should end");
    }

    private void SkipBlanksAndLines()
    {
        while (!IsAtEnd)
        {
            if (Next is ' ' or '\t') _at++;
            else if (Next == '#') SkipComment();
            else if (Next == '\n') SkipLineEnd();
            else return;
        }
    }

    private void SkipBlanks()
    {
        while (!IsAtEnd && Next is ' ' or '\t') _at++;
    }

    private void SkipComment()
    {
        while (!IsAtEnd && Next != '\n') _at++;
    }

    private void SkipLineEnd()
    {
        _at++;
        _line++;
    }

    private bool IsHere(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private bool Take(char wanted)
    {
        if (IsAtEnd || Next != wanted) return false;

        _at++;
        return true;
    }

    private void Expect(char wanted)
    {
        SkipBlanks();
        if (!Take(wanted)) throw new FormatException($"'{wanted}' is missing before {ShowNext()}");
    }

    private string ShowNext() => IsAtEnd ? "the end" : Next == '\n' ? "the end of the line" : $"'{Next}'";

    private Origin Here() => new(_source, _line);

    private SettingObject ObjectOf(Table table) => new(
        new Origin(_source, table.Line), table.Members.ToDictionary(member => member.Key, member => NodeOf(member.Value), StringComparer.Ordinal));

    private SettingNode NodeOf(Piece piece) => piece switch
    {
        Leaf leaf => leaf.Value,
        Table table => ObjectOf(table),
        Items items => new SettingList(new Origin(_source, items.Line), [.. items.Tables.Select(ObjectOf)]),
        _ => throw new InvalidOperationException($"A piece of type {piece.GetType()}."),
    };

    private abstract class Piece;

    private sealed class Leaf(SettingNode value) : Piece
    {
        public SettingNode Value => value;
    }

    private sealed class Items(int line) : Piece
    {
        public int Line => line;

        public List<Table> Tables { get; } = [];
    }

    /// <summary>A table while it grows: others may add to it from anywhere in the text.</summary>
    private sealed class Table(int line) : Piece
    {
        public int Line => line;

        public bool IsHeaded { get; set; }

        public Dictionary<string, Piece> Members { get; } = new(StringComparer.Ordinal);
    }
}
