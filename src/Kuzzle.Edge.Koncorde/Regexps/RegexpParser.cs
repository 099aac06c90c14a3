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

    private readonly RegexpPattern _pattern;
    private readonly RegexpEscapes _escapes;
    private readonly RegexpSets _sets;
    private readonly RegexpGroupHead _groups;
    private int _depth;
    private bool _isQuoting;

    public RegexpParser(Utf8Text pattern, RegexpFlags flags)
    {
        _pattern = new RegexpPattern(pattern, flags);
        _escapes = new RegexpEscapes(_pattern);
        _sets = new RegexpSets(_pattern, _escapes);
        _groups = new RegexpGroupHead(_pattern);
    }

    public string? Error => _pattern.Error;

    public RegexpNode? Parse()
    {
        var node = ParseChoice();
        return node is null || _pattern.At == _pattern.Length ? node : _pattern.Fail($"unexpected ): {_pattern.TextFrom(0)}");
    }

    private RegexpNode? ParseChoice()
    {
        List<RegexpNode> choices = [];
        do
        {
            if (ParseSequence() is not { } sequence) return null;

            choices.Add(sequence);
        }
        while (_pattern.TryTake('|'));

        return RegexpNode.Choice(choices);
    }

    private RegexpNode? ParseSequence()
    {
        List<RegexpNode> parts = [];
        var repeatFrom = -1; // where the repeat operator just read began; another at once is an error
        while (!_pattern.IsAtEnd && (_isQuoting || !_pattern.Sees('|') && !_pattern.Sees(')')))
        {
            var from = _pattern.At;
            if (!_isQuoting && TryReadRepeat(out var least, out var most))
            {
                _pattern.TryTake('?'); // lazy or not, it matches or does not
                if (parts.Count == 0) return _pattern.Fail($"no argument for repetition operator: {_pattern.TextFrom(from, _pattern.At)}");
                if (repeatFrom >= 0) return _pattern.Fail($"bad repetition operator: {_pattern.TextFrom(repeatFrom, _pattern.At)}");
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
            _pattern.Fail($"invalid repetition size: {_pattern.TextFrom(from, _pattern.At)}");
            return false;
        }

        var repeated = RegexpNode.Repeat(parts[^1], least, most);
        if (repeated.Repeats > MaxRepeats)
        {
            _pattern.Fail($"invalid repetition size: {_pattern.TextFrom(from, _pattern.At)}");
            return false;
        }

        parts[^1] = repeated;
        return true;
    }

    /// <summary>Takes a repeat operator, if one stands here. Braces that hold none are letters.</summary>
    private bool TryReadRepeat(out int least, out int? most)
    {
        (least, most) = (0, null);
        if (_pattern.TryTake('*')) return true;

        if (_pattern.TryTake('+'))
        {
            least = 1;
            return true;
        }

        if (_pattern.TryTake('?'))
        {
            most = 1;
            return true;
        }

        var from = _pattern.At;
        if (_pattern.TryTake('{') && _pattern.TryReadNumber(out least) && TryReadMost(least, out most) && _pattern.TryTake('}')) return true;

        _pattern.At = from;
        return false;
    }

    private bool TryReadMost(int least, out int? most)
    {
        most = least;
        if (!_pattern.TryTake(',')) return true;

        most = null;
        if (_pattern.Sees('}')) return true;
        if (!_pattern.TryReadNumber(out var number)) return false;

        most = number;
        return true;
    }

    private bool ParsePart(List<RegexpNode> parts)
    {
        if (TryToggleQuoting()) return true;

        var value = _pattern[_pattern.At];
        var part = value switch
        {
            _ when _isQuoting => ParseLetter(),
            '(' => ParseGroup(out _),
            '[' => _sets.ParseClass(),
            '.' => Take(RegexpNode.One(_pattern.Flags.HasFlag(RegexpFlags.DotAll) ? CharSet.Any : CharSet.AnyButNewline)),
            '^' => Take(RegexpNode.Assert(_pattern.Flags.HasFlag(RegexpFlags.MultiLine) ? RegexpAssertion.BeginOfLine : RegexpAssertion.BeginOfText)),
            '$' => Take(RegexpNode.Assert(_pattern.Flags.HasFlag(RegexpFlags.MultiLine) ? RegexpAssertion.EndOfLine : RegexpAssertion.EndOfText)),
            '\\' => ParseEscape(),
            _ => ParseLetter(),
        };
        if (part is not null && !ReferenceEquals(part, FlagsOnly)) parts.Add(part);
        return part is not null;
    }

    /// <summary>Takes <c>\Q</c>, or <c>\E</c> after it.</summary>
    private bool TryToggleQuoting()
    {
        if (!_pattern.Sees('\\') || _pattern.At + 1 >= _pattern.Length || _pattern[_pattern.At + 1] != (_isQuoting ? 'E' : 'Q')) return false;

        _pattern.At += 2;
        _isQuoting = !_isQuoting;
        return true;
    }

    /// <summary>Stands for a group such as <c>(?i)</c>, which is no part of the expression.</summary>
    private static readonly RegexpNode FlagsOnly = RegexpNode.Sequence([]);

    private RegexpNode? ParseGroup(out RegexpFlags outer)
    {
        outer = _pattern.Flags;
        if (++_depth > MaxDepth) return _pattern.Fail($"expression nests too deeply: {_pattern.TextFrom(0)}");

        var from = _pattern.At++;
        if (_pattern.Sees('?'))
        {
            if (!_groups.TryRead(from, out var isFlagsOnly)) return null;

            if (isFlagsOnly)
            {
                _depth--;
                return FlagsOnly;
            }
        }

        var inner = ParseChoice();
        if (inner is null) return null;
        if (!_pattern.TryTake(')')) return _pattern.Fail($"missing ): {_pattern.TextFrom(0)}");

        _pattern.Flags = outer;
        _depth--;
        return inner;
    }

    private RegexpNode ParseLetter() => _sets.Letter(_pattern.Next());

    private RegexpNode? ParseEscape()
    {
        if (_pattern.At + 1 == _pattern.Length) return _pattern.Fail("trailing \\");

        RegexpAssertion? assertion = _pattern[_pattern.At + 1] switch
        {
            'A' => RegexpAssertion.BeginOfText,
            'z' => RegexpAssertion.EndOfText,
            'b' => RegexpAssertion.WordBoundary,
            'B' => RegexpAssertion.NoWordBoundary,
            _ => null,
        };
        if (assertion is { } kind)
        {
            _pattern.At += 2;
            return RegexpNode.Assert(kind);
        }

        var set = new CharSetBuilder();
        if (_sets.TryReadEscapedSet(set)) return RegexpNode.One(set.Build());

        return _pattern.Error is null && _escapes.TryRead(out var value) ? _sets.Letter(value) : null;
    }

    private RegexpNode Take(RegexpNode node)
    {
        _pattern.At++;
        return node;
    }

}
