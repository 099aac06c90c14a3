using System.Globalization;
using System.Text;

namespace Kuzzle.Edge.Sqlite.Search.Regexps;

/// <summary>
/// Reads Lucene's regular expressions: <c>. ? + * | {n,m} [] () "…" \\</c>, and <c>~</c> (complement), <c>&amp;</c> (both), <c>&lt;n-m&gt;</c> (a number),
/// <c>@</c> (anything) and <c>#</c> (nothing). There are no anchors: an expression is about the whole text.
/// </summary>
internal sealed class RegexpParser
{
    /// <summary>As in Elasticsearch.</summary>
    private const int MaxLength = 1000;

    /// <summary>Deeper than people write; each level is a few frames of this parser.</summary>
    private const int MaxDepth = 100;

    /// <summary>What a repetition becomes is so many copies.</summary>
    private const int MaxRepetitions = 1000;

    private readonly RegexpAlgebra _algebra;
    private readonly int[] _runes;
    private readonly bool _ignoreCase;
    private readonly bool _hasExtras;
    private int _at;
    private int _depth;

    private RegexpParser(RegexpAlgebra algebra, string text, bool ignoreCase, bool hasExtras)
    {
        _algebra = algebra;
        _runes = [.. text.EnumerateRunes().Select(static rune => rune.Value)];
        _ignoreCase = ignoreCase;
        _hasExtras = hasExtras;
    }

    /// <summary><paramref name="hasExtras"/>: whether <c>~ &amp; &lt;&gt; @ #</c> mean something.</summary>
    public static RegexpNode Parse(RegexpAlgebra algebra, string text, bool ignoreCase, bool hasExtras)
    {
        if (text.Length > MaxLength) throw SearchRefusedException.BadRequest($"[regexp] the expression has more than {MaxLength} characters");
        if (text.Length == 0) return algebra.Empty;
        var parser = new RegexpParser(algebra, text, ignoreCase, hasExtras);
        var node = parser.ParseUnion();
        return parser._at == parser._runes.Length ? node : throw parser.Fault("end-of-string expected");
    }

    private RegexpNode ParseUnion()
    {
        if (++_depth > MaxDepth) throw Fault($"more than {MaxDepth} levels");
        var node = ParseIntersection();
        while (Take('|')) node = _algebra.Union(node, ParseIntersection());
        _depth--;
        return node;
    }

    private RegexpNode ParseIntersection()
    {
        var node = ParseSequence();
        while (_hasExtras && Take('&')) node = _algebra.Intersection(node, ParseSequence());
        return node;
    }

    private RegexpNode ParseSequence()
    {
        var parts = new List<RegexpNode> { ParseRepetition() };
        while (_at < _runes.Length && !Is(')') && !Is('|') && !(_hasExtras && Is('&'))) parts.Add(ParseRepetition());
        var node = parts[^1];
        for (var i = parts.Count - 2; i >= 0; i--) node = _algebra.Sequence(parts[i], node);
        return node;
    }

    private RegexpNode ParseRepetition()
    {
        var node = ParseComplement();
        while (_at < _runes.Length)
        {
            if (Take('?')) node = _algebra.Union(node, _algebra.Empty);
            else if (Take('*')) node = _algebra.Repeat(node);
            else if (Take('+')) node = _algebra.Sequence(node, _algebra.Repeat(node));
            else if (Take('{')) node = ParseCount(node);
            else break;
        }

        return node;
    }

    private RegexpNode ParseCount(RegexpNode node)
    {
        var least = TakeNumber() ?? throw Fault("integer expected");
        int? most = least;
        if (Take(',')) most = TakeNumber();
        if (!Take('}')) throw Fault("expected '}'");
        if (least > MaxRepetitions || most > MaxRepetitions) throw Fault($"more than {MaxRepetitions} repetitions");
        if (most < least) throw Fault("a repetition ends before it begins");

        var tail = most is { } last ? _algebra.Empty : _algebra.Repeat(node);
        for (var i = least; i < (most ?? 0); i++) tail = _algebra.Union(_algebra.Empty, _algebra.Sequence(node, tail));
        for (var i = 0; i < least; i++) tail = _algebra.Sequence(node, tail);
        return tail;
    }

    private RegexpNode ParseComplement()
    {
        if (!_hasExtras || !Take('~')) return ParseClass();
        if (++_depth > MaxDepth) throw Fault($"more than {MaxDepth} levels");
        var node = _algebra.Complement(ParseComplement());
        _depth--;
        return node;
    }

    private RegexpNode ParseClass()
    {
        if (!Take('[')) return ParseSimple();
        var negated = Take('^');
        var ranges = new List<(int From, int To)>();
        do
        {
            var from = TakeRune();
            var to = Take('-') ? TakeRune() : from;
            if (to < from) throw Fault("a range of characters ends before it begins");
            ranges.Add((from, to));
        }
        while (_at < _runes.Length && !Is(']'));
        if (!Take(']')) throw Fault("expected ']'");
        var letters = RuneSet.Of(ranges, _ignoreCase);
        return _algebra.Letter(negated ? letters.Others() : letters);
    }

    private RegexpNode ParseSimple()
    {
        if (Take('.')) return _algebra.Letter(RuneSet.All);
        if (_hasExtras && Take('#')) return _algebra.Nothing;
        if (_hasExtras && Take('@')) return _algebra.Anything;
        if (Take('"')) return ParseQuoted();
        if (Take('(')) return ParseGroup();
        if (_hasExtras && Take('<')) return ParseInterval();
        if (_at >= _runes.Length) throw Fault("an operand is missing at the end");
        return Letter(TakeRune());
    }

    private RegexpNode ParseQuoted()
    {
        var parts = new List<RegexpNode>();
        while (_at < _runes.Length && !Is('"')) parts.Add(Letter(_runes[_at++]));
        if (!Take('"')) throw Fault("expected '\"'");
        var node = _algebra.Empty;
        for (var i = parts.Count - 1; i >= 0; i--) node = _algebra.Sequence(parts[i], node);
        return node;
    }

    private RegexpNode ParseGroup()
    {
        if (Take(')')) return _algebra.Empty;
        var node = ParseUnion();
        return Take(')') ? node : throw Fault("expected ')'");
    }

    /// <summary>Numbers between two; leading zeros count when both ends have the same length, and are welcome when not.</summary>
    private RegexpNode ParseInterval()
    {
        var start = _at;
        while (_at < _runes.Length && !Is('>')) _at++;
        var text = string.Concat(_runes[start.._at].Select(static rune => new Rune(rune).ToString()));
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (!Take('>') || dash <= 0
            || !int.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !int.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var to))
        {
            throw Fault($"<{text}> is no interval of numbers, such as <1-100>");
        }

        if (from > to) (from, to) = (to, from);
        var fixedLength = dash == text.Length - dash - 1;
        var width = to.ToString(CultureInfo.InvariantCulture).Length;
        if (fixedLength) width = dash;
        var digits = Between(from.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'), to.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
        if (fixedLength) return digits;

        // Any number of zeros may stand before, and those that were padded need not.
        var value = _algebra.Letter(RuneSet.Of([('0', '0')], ignoreCase: false));
        var zeros = _algebra.Repeat(value);
        var node = _algebra.Sequence(zeros, digits);
        for (var length = 1; length < width; length++)
        {
            var least = length == 1 ? 0 : (int)Math.Pow(10, length - 1);
            var most = (int)Math.Pow(10, length) - 1;
            if (most < from || least > to) continue;
            var (low, high) = (Math.Max(from, least), Math.Min(to, most));
            var part = Between(low.ToString(CultureInfo.InvariantCulture), high.ToString(CultureInfo.InvariantCulture));
            node = _algebra.Union(node, _algebra.Sequence(zeros, part));
        }

        return node;
    }

    /// <summary>The numbers between two of the same length.</summary>
    private RegexpNode Between(string from, string to)
    {
        if (from.Length == 0) return _algebra.Empty;
        if (from[0] == to[0]) return _algebra.Sequence(Digits(from[0], to[0]), Between(from[1..], to[1..]));
        var low = _algebra.Sequence(Digits(from[0], from[0]), Between(from[1..], new string('9', from.Length - 1)));
        var high = _algebra.Sequence(Digits(to[0], to[0]), Between(new string('0', to.Length - 1), to[1..]));
        if (to[0] - from[0] < 2) return _algebra.Union(low, high);
        var middle = _algebra.Sequence(
            Digits((char)(from[0] + 1), (char)(to[0] - 1)), Between(new string('0', from.Length - 1), new string('9', from.Length - 1)));
        return _algebra.Union(low, middle, high);
    }

    private RegexpNode Digits(char from, char to) => _algebra.Letter(RuneSet.Of([(from, to)], ignoreCase: false));

    private RegexpNode Letter(int rune) => _algebra.Letter(RuneSet.Of([(rune, rune)], _ignoreCase));

    private int TakeRune()
    {
        Take('\\');
        return _at < _runes.Length ? _runes[_at++] : throw Fault("a character is missing at the end");
    }

    private int? TakeNumber()
    {
        var start = _at;
        long number = 0;
        while (_at < _runes.Length && _runes[_at] is >= '0' and <= '9') number = Math.Min((number * 10) + _runes[_at++] - '0', int.MaxValue);
        return _at == start ? null : (int)number;
    }

    private bool Is(char wanted) => _at < _runes.Length && _runes[_at] == wanted;

    private bool Take(char wanted)
    {
        if (!Is(wanted)) return false;
        _at++;
        return true;
    }

    private SearchRefusedException Fault(string reason) =>
        SearchRefusedException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"[regexp] {reason} at position {_at}"));
}
