using System.Globalization;
using System.Text;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>
/// Reads the syntax of RE2, with the escapes of JavaScript that Kuzzle adds (<c>\u0041</c>, <c>\cA</c>). A method that answers null has left the
/// reason, in RE2's words, in <see cref="Error"/>. What has no use in a mere test (captures, lazy repeats) is read and forgotten.
/// </summary>
internal sealed class RegexpParser
{
    // RE2's bound on a repeat, and on repeats within repeats together.
    private const int MaxRepeats = 1000;

    // Each group in a group is a few frames of stack.
    private const int MaxDepth = 400;

    private readonly int[] _pattern;
    private readonly HashSet<string> _groupNames = new(StringComparer.Ordinal);
    private int _at;
    private int _depth;
    private bool _isQuoting;
    private RegexpFlags _flags;

    public RegexpParser(Utf8Text pattern, RegexpFlags flags)
    {
        _flags = flags;
        List<int> values = [];
        for (var rest = pattern.Span; !rest.IsEmpty;)
        {
            var value = CodePoints.Next(ref rest);
            values.Add(value is >= 0xD800 and <= 0xDFFF ? Rune.ReplacementChar.Value : value);
        }

        _pattern = [.. values];
    }

    public string? Error { get; private set; }

    public RegexpNode? Parse()
    {
        var node = ParseChoice();
        return node is null || _at == _pattern.Length ? node : Fail($"unexpected ): {TextFrom(0)}");
    }

    private bool IsAtEnd => _at == _pattern.Length;

    private RegexpNode? ParseChoice()
    {
        List<RegexpNode> choices = [];
        do
        {
            if (ParseSequence() is not { } sequence) return null;

            choices.Add(sequence);
        }
        while (TryTake('|'));

        return RegexpNode.Choice(choices);
    }

    private RegexpNode? ParseSequence()
    {
        List<RegexpNode> parts = [];
        var repeatFrom = -1; // where the repeat operator just read began; another at once is an error
        while (!IsAtEnd && (_isQuoting || !Sees('|') && !Sees(')')))
        {
            var from = _at;
            if (!_isQuoting && TryReadRepeat(out var least, out var most))
            {
                TryTake('?'); // lazy or not, it matches or does not
                if (parts.Count == 0) return Fail($"no argument for repetition operator: {TextFrom(from, _at)}");
                if (repeatFrom >= 0) return Fail($"bad repetition operator: {TextFrom(repeatFrom, _at)}");
                if (!TryRepeat(parts, least, most, from)) return null;

                repeatFrom = from;
                continue;
            }

            repeatFrom = -1;
            if (!ParsePart(parts)) return null;
        }

        return RegexpNode.Sequence(parts);
    }

    private bool TryRepeat(List<RegexpNode> parts, int least, int? most, int from)
    {
        if (least > MaxRepeats || most > MaxRepeats || least > most)
        {
            Fail($"invalid repetition size: {TextFrom(from, _at)}");
            return false;
        }

        var repeated = RegexpNode.Repeat(parts[^1], least, most);
        if (repeated.Repeats > MaxRepeats)
        {
            Fail($"invalid repetition size: {TextFrom(from, _at)}");
            return false;
        }

        parts[^1] = repeated;
        return true;
    }

    /// <summary>Takes a repeat operator, if one stands here. Braces that hold none are letters.</summary>
    private bool TryReadRepeat(out int least, out int? most)
    {
        (least, most) = (0, null);
        if (TryTake('*')) return true;

        if (TryTake('+'))
        {
            least = 1;
            return true;
        }

        if (TryTake('?'))
        {
            most = 1;
            return true;
        }

        var from = _at;
        if (TryTake('{') && TryReadNumber(out least) && TryReadMost(least, out most) && TryTake('}')) return true;

        _at = from;
        return false;
    }

    private bool TryReadMost(int least, out int? most)
    {
        most = least;
        if (!TryTake(',')) return true;

        most = null;
        if (Sees('}')) return true;
        if (!TryReadNumber(out var number)) return false;

        most = number;
        return true;
    }

    private bool TryReadNumber(out int number)
    {
        number = 0;
        var from = _at;
        while (!IsAtEnd && _pattern[_at] is >= '0' and <= '9')
        {
            if (number >= 100_000_000) return false;

            number = (number * 10) + (_pattern[_at++] - '0');
        }

        return _at > from && !(_at > from + 1 && _pattern[from] == '0');
    }

    private bool ParsePart(List<RegexpNode> parts)
    {
        if (TryToggleQuoting()) return true;

        var value = _pattern[_at];
        var part = value switch
        {
            _ when _isQuoting => ParseLetter(),
            '(' => ParseGroup(out _),
            '[' => ParseClass(),
            '.' => Take(RegexpNode.One(_flags.HasFlag(RegexpFlags.DotAll) ? CharSet.Any : CharSet.AnyButNewline)),
            '^' => Take(RegexpNode.Assert(_flags.HasFlag(RegexpFlags.MultiLine) ? RegexpAssertion.BeginOfLine : RegexpAssertion.BeginOfText)),
            '$' => Take(RegexpNode.Assert(_flags.HasFlag(RegexpFlags.MultiLine) ? RegexpAssertion.EndOfLine : RegexpAssertion.EndOfText)),
            '\\' => ParseEscape(),
            _ => ParseLetter(),
        };
        if (part is not null && !ReferenceEquals(part, FlagsOnly)) parts.Add(part);
        return part is not null;
    }

    /// <summary>Takes <c>\Q</c>, or <c>\E</c> after it.</summary>
    private bool TryToggleQuoting()
    {
        if (!Sees('\\') || _at + 1 >= _pattern.Length || _pattern[_at + 1] != (_isQuoting ? 'E' : 'Q')) return false;

        _at += 2;
        _isQuoting = !_isQuoting;
        return true;
    }

    /// <summary>Stands for a group such as <c>(?i)</c>, which is no part of the expression.</summary>
    private static readonly RegexpNode FlagsOnly = RegexpNode.Sequence([]);

    private RegexpNode? ParseGroup(out RegexpFlags outer)
    {
        outer = _flags;
        if (++_depth > MaxDepth) return Fail($"expression nests too deeply: {TextFrom(0)}");

        var from = _at++;
        if (Sees('?'))
        {
            if (!TryReadGroupHead(from, out var isFlagsOnly)) return null;

            if (isFlagsOnly)
            {
                _depth--;
                return FlagsOnly;
            }
        }

        var inner = ParseChoice();
        if (inner is null) return null;
        if (!TryTake(')')) return Fail($"missing ): {TextFrom(0)}");

        _flags = outer;
        _depth--;
        return inner;
    }

    private bool TryReadGroupHead(int from, out bool isFlagsOnly)
    {
        isFlagsOnly = false;
        _at++;
        if (Sees("P<") || (Sees('<') && !Sees("<=") && !Sees("<!"))) return TryReadGroupName(from);
        if (Sees("<=") || Sees("<!")) return Reject($"invalid perl operator: {TextFrom(from, from + 4)}");

        var flags = _flags;
        bool isNegative = false, hasFlag = false;
        while (!IsAtEnd)
        {
            var letter = _pattern[_at++];
            switch (letter)
            {
                case '-' when !isNegative:
                    isNegative = true;
                    hasFlag = false;
                    break;
                case ':' or ')' when hasFlag || !isNegative:
                    _flags = flags;
                    isFlagsOnly = letter == ')';
                    return true;
                case 'i' or 'm' or 's' or 'U':
                    hasFlag = true;
                    flags = Set(flags, FlagOf(letter), !isNegative);
                    break;
                default:
                    return Reject($"invalid perl operator: {TextFrom(from, _at)}");
            }
        }

        return Reject($"invalid perl operator: {TextFrom(from)}");
    }

    private bool TryReadGroupName(int from)
    {
        _at += Sees('P') ? 2 : 1;
        var end = Array.IndexOf(_pattern, '>', _at);
        if (end < 0) return Reject($"invalid named capture group: {TextFrom(from)}");

        var name = TextFrom(_at, end);
        if (name.Length == 0 || !name.EnumerateRunes().All(static rune => Rune.IsLetterOrDigit(rune) || rune.Value == '_' || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation))
            return Reject($"invalid named capture group: {TextFrom(from, end + 1)}");
        if (!_groupNames.Add(name)) return Reject("duplicate capture group name");

        _at = end + 1;
        return true;
    }

    private static RegexpFlags FlagOf(int letter) => letter switch
    {
        'i' => RegexpFlags.IgnoreCase,
        'm' => RegexpFlags.MultiLine,
        's' => RegexpFlags.DotAll,
        _ => RegexpFlags.None, // U: which match is preferred does not matter here
    };

    private static RegexpFlags Set(RegexpFlags flags, RegexpFlags flag, bool isOn) => isOn ? flags | flag : flags & ~flag;

    private RegexpNode ParseLetter() => Letter(_pattern[_at++]);

    private RegexpNode Letter(int value)
    {
        var set = new CharSetBuilder();
        set.Add(value, value);
        return RegexpNode.One(Build(set));
    }

    private CharSet Build(CharSetBuilder set)
    {
        if (_flags.HasFlag(RegexpFlags.IgnoreCase)) set.AddOtherCases();
        return set.Build();
    }

    /// <summary>A set, or its complement, after the letters of other cases have come in, if case does not count.</summary>
    private CharSet InThisCase(CharSet set, bool isNegative)
    {
        var builder = new CharSetBuilder();
        builder.Add(set);
        set = Build(builder);
        return isNegative ? set.Complement() : set;
    }

    private RegexpNode? ParseEscape()
    {
        if (_at + 1 == _pattern.Length) return Fail("trailing \\");

        RegexpAssertion? assertion = _pattern[_at + 1] switch
        {
            'A' => RegexpAssertion.BeginOfText,
            'z' => RegexpAssertion.EndOfText,
            'b' => RegexpAssertion.WordBoundary,
            'B' => RegexpAssertion.NoWordBoundary,
            _ => null,
        };
        if (assertion is { } kind)
        {
            _at += 2;
            return RegexpNode.Assert(kind);
        }

        var set = new CharSetBuilder();
        if (TryReadEscapedSet(set)) return RegexpNode.One(set.Build());

        return Error is null && TryReadEscapedLetter(out var value) ? Letter(value) : null;
    }

    /// <summary>Takes <c>\d</c>, <c>\pL</c> and their kind. False without an <see cref="Error"/> when none stands here.</summary>
    private bool TryReadEscapedSet(CharSetBuilder output)
    {
        var letter = _pattern[_at + 1];
        CharSet? set = letter switch
        {
            'd' or 'D' => CharSet.Digits,
            's' or 'S' => CharSet.Spaces,
            'w' or 'W' => CharSet.WordLetters,
            _ => null,
        };
        if (set is null) return letter is 'p' or 'P' && TryReadProperty(output);

        _at += 2;
        output.Add(InThisCase(set, isNegative: letter is 'D' or 'S' or 'W'));
        return true;
    }

    private bool TryReadProperty(CharSetBuilder output)
    {
        var from = _at;
        var isNegative = _pattern[_at + 1] == 'P';
        _at += 2;
        if (IsAtEnd) return Reject($"invalid character class range: {TextFrom(from)}");

        var end = Sees('{') ? Array.IndexOf(_pattern, '}', _at) : _at;
        if (end < 0) return Reject($"invalid character class range: {TextFrom(from)}");

        var name = Sees('{') ? TextFrom(_at + 1, end) : TextFrom(_at, end + 1);
        _at = end + 1;
        if (name.StartsWith('^'))
        {
            isNegative = !isNegative;
            name = name[1..];
        }

        if (name.StartsWith("Script=", StringComparison.Ordinal)) name = name["Script=".Length..];
        if (!UnicodeProperties.TryFind(name, out var set)) return Reject($"invalid character class range: {TextFrom(from, _at)}");

        output.Add(InThisCase(set, isNegative));
        return true;
    }

    private bool TryReadEscapedLetter(out int value)
    {
        var from = _at++;
        if (IsAtEnd)
        {
            value = 0;
            return Reject("trailing \\");
        }

        var letter = _pattern[_at++];
        value = letter switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            >= '0' and <= '7' => ReadOctal(letter),
            'x' => ReadHex(digits: 2, canBeShorter: false),
            'u' => ReadHex(digits: 4, canBeShorter: false),
            'c' => ReadControl(),
            _ when letter < 0x80 && !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => -1,
        };
        return value >= 0 || Reject($"invalid escape sequence: {TextFrom(from, _at)}");
    }

    /// <summary>A single digit but 0 would be a reference to a group, which a linear engine has not.</summary>
    private int ReadOctal(int first)
    {
        var value = first - '0';
        if (value != 0 && (IsAtEnd || _pattern[_at] is not (>= '0' and <= '7'))) return -1;

        for (var i = 0; i < 2 && !IsAtEnd && _pattern[_at] is >= '0' and <= '7'; i++) value = (value * 8) + (_pattern[_at++] - '0');
        return value;
    }

    private int ReadControl() => !IsAtEnd && _pattern[_at] < 0x80 && char.IsAsciiLetter((char)_pattern[_at]) ? _pattern[_at++] % 32 : -1;

    private int ReadHex(int digits, bool canBeShorter)
    {
        if (TryTake('{'))
        {
            var braced = ReadHex(digits: 8, canBeShorter: true);
            return braced >= 0 && TryTake('}') ? braced : -1;
        }

        var value = 0;
        for (var i = 0; i < digits; i++)
        {
            if (IsAtEnd || _pattern[_at] >= 0x80 || !char.IsAsciiHexDigit((char)_pattern[_at])) return canBeShorter && i > 0 ? value : -1;

            value = (value * 16) + Convert.ToInt32(((char)_pattern[_at++]).ToString(), 16);
            if (value >= CharSet.End) return -1;
        }

        return value;
    }

    private RegexpNode? ParseClass()
    {
        var from = _at++;
        var isNegative = TryTake('^');
        var set = new CharSetBuilder();
        for (var isFirst = true; isFirst || !Sees(']'); isFirst = false)
        {
            if (IsAtEnd) return Fail($"missing ]: {TextFrom(from)}");
            if (!ParseClassItem(set, from)) return null;
        }

        _at++;
        var built = Build(set);
        return RegexpNode.One(isNegative ? built.Complement() : built);
    }

    private bool ParseClassItem(CharSetBuilder set, int classFrom)
    {
        if (Sees("[:") && TryReadPosix(set)) return true;
        if (Error is not null) return false;
        if (Sees('\\') && _at + 1 < _pattern.Length && TryReadEscapedSet(set)) return true;
        if (Error is not null) return false;

        var from = _at;
        if (!TryReadClassLetter(out var first, classFrom)) return false;

        var last = first;
        if (Sees('-') && _at + 1 < _pattern.Length && _pattern[_at + 1] != ']')
        {
            _at++;
            if (!TryReadClassLetter(out last, classFrom)) return false;
        }
        else if (Sees('-') && _at + 1 == _pattern.Length)
        {
            return Reject($"missing ]: {TextFrom(classFrom)}");
        }

        if (last < first) return Reject($"invalid character class range: {TextFrom(from, _at)}");

        set.Add(first, last);
        return true;
    }

    private bool TryReadClassLetter(out int value, int classFrom)
    {
        value = 0;
        if (IsAtEnd) return Reject($"missing ]: {TextFrom(classFrom)}");
        if (Sees('\\')) return TryReadEscapedLetter(out value);

        value = _pattern[_at++];
        return true;
    }

    /// <summary>Takes <c>[:alpha:]</c>. False without an <see cref="Error"/> when none stands here.</summary>
    private bool TryReadPosix(CharSetBuilder output)
    {
        var rest = TextFrom(_at);
        var end = rest.IndexOf(":]", 2, StringComparison.Ordinal);
        if (end < 0) return false;

        var name = rest[2..end];
        var isNegative = name.StartsWith('^');
        if (PosixClasses.Find(isNegative ? name[1..] : name) is not { } set) return Reject($"invalid character class range: {rest[..(end + 2)]}");

        _at += rest[..(end + 2)].EnumerateRunes().Count();
        output.Add(InThisCase(set, isNegative));
        return true;
    }

    private bool Sees(char letter) => !IsAtEnd && _pattern[_at] == letter;

    private bool Sees(string letters) => Sees(letters[0]) && _at + 1 < _pattern.Length && _pattern[_at + 1] == letters[1];

    private bool TryTake(char letter)
    {
        var isThere = Sees(letter);
        if (isThere) _at++;
        return isThere;
    }

    private RegexpNode Take(RegexpNode node)
    {
        _at++;
        return node;
    }

    private string TextFrom(int from) => TextFrom(from, _pattern.Length);

    private string TextFrom(int from, int to)
    {
        var text = new StringBuilder();
        foreach (var value in _pattern.AsSpan(from, Math.Min(to, _pattern.Length) - from)) text.Append(new Rune(value).ToString());
        return text.ToString();
    }

    private RegexpNode? Fail(string error)
    {
        Error ??= error;
        return null;
    }

    private bool Reject(string error)
    {
        Error ??= error;
        return false;
    }
}
