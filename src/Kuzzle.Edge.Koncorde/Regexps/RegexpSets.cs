namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Reads what stands for one letter of several: classes in brackets and the escapes that name a set.</summary>
internal sealed class RegexpSets(RegexpPattern pattern, RegexpEscapes escapes)
{
    /// <summary>One letter, in every case that counts.</summary>
    public RegexpNode Letter(int value)
    {
        var set = new CharSetBuilder();
        set.Add(value, value);
        return RegexpNode.One(Build(set));
    }

    /// <summary>Takes <c>[a-z]</c> and its kind.</summary>
    public RegexpNode? ParseClass()
    {
        var from = pattern.At++;
        var isNegative = pattern.TryTake('^');
        var set = new CharSetBuilder();
        for (var isFirst = true; isFirst || !pattern.Sees(']'); isFirst = false)
        {
            if (pattern.IsAtEnd) return pattern.Fail($"missing ]: {pattern.TextFrom(from)}");
            if (!ParseClassItem(set, from)) return null;
        }

        pattern.At++;
        var built = Build(set);
        return RegexpNode.One(isNegative ? built.Complement() : built);
    }

    /// <summary>Takes <c>\d</c>, <c>\pL</c> and their kind. False without an error when none stands here.</summary>
    public bool TryReadEscapedSet(CharSetBuilder output)
    {
        var letter = pattern[pattern.At + 1];
        CharSet? set = letter switch
        {
            'd' or 'D' => CharSet.Digits,
            's' or 'S' => CharSet.Spaces,
            'w' or 'W' => CharSet.WordLetters,
            _ => null,
        };
        if (set is null) return letter is 'p' or 'P' && TryReadProperty(output);

        pattern.At += 2;
        output.Add(InThisCase(set, isNegative: letter is 'D' or 'S' or 'W'));
        return true;
    }

    private bool ParseClassItem(CharSetBuilder set, int classFrom)
    {
        if (pattern.Sees("[:") && TryReadPosix(set)) return true;
        if (pattern.Error is not null) return false;
        if (pattern.Sees('\\') && pattern.At + 1 < pattern.Length && TryReadEscapedSet(set)) return true;
        if (pattern.Error is not null) return false;

        var from = pattern.At;
        if (!TryReadClassLetter(out var first, classFrom)) return false;

        var last = first;
        if (pattern.Sees('-') && pattern.At + 1 < pattern.Length && pattern[pattern.At + 1] != ']')
        {
            pattern.At++;
            if (!TryReadClassLetter(out last, classFrom)) return false;
        }
        else if (pattern.Sees('-') && pattern.At + 1 == pattern.Length)
        {
            return pattern.Reject($"missing ]: {pattern.TextFrom(classFrom)}");
        }

        if (last < first) return pattern.Reject($"invalid character class range: {pattern.TextFrom(from, pattern.At)}");

        set.Add(first, last);
        return true;
    }

    private bool TryReadClassLetter(out int value, int classFrom)
    {
        value = 0;
        if (pattern.IsAtEnd) return pattern.Reject($"missing ]: {pattern.TextFrom(classFrom)}");
        if (pattern.Sees('\\')) return escapes.TryRead(out value);

        value = pattern.Next();
        return true;
    }

    /// <summary>Takes <c>[:alpha:]</c>. False without an error when none stands here.</summary>
    private bool TryReadPosix(CharSetBuilder output)
    {
        var rest = pattern.TextFrom(pattern.At);
        var end = rest.IndexOf(":]", 2, StringComparison.Ordinal);
        if (end < 0) return false;

        var name = rest[2..end];
        var isNegative = name.StartsWith('^');
        if (PosixClasses.Find(isNegative ? name[1..] : name) is not { } set) return pattern.Reject($"invalid character class range: {rest[..(end + 2)]}");

        pattern.At += rest[..(end + 2)].EnumerateRunes().Count();
        output.Add(InThisCase(set, isNegative));
        return true;
    }

    private bool TryReadProperty(CharSetBuilder output)
    {
        var from = pattern.At;
        var isNegative = pattern[pattern.At + 1] == 'P';
        pattern.At += 2;
        if (pattern.IsAtEnd) return pattern.Reject($"invalid character class range: {pattern.TextFrom(from)}");

        var end = pattern.Sees('{') ? pattern.IndexOf('}') : pattern.At;
        if (end < 0) return pattern.Reject($"invalid character class range: {pattern.TextFrom(from)}");

        var name = pattern.Sees('{') ? pattern.TextFrom(pattern.At + 1, end) : pattern.TextFrom(pattern.At, end + 1);
        pattern.At = end + 1;
        if (name.StartsWith('^'))
        {
            isNegative = !isNegative;
            name = name[1..];
        }

        if (name.StartsWith("Script=", StringComparison.Ordinal)) name = name["Script=".Length..];
        if (!UnicodeProperties.TryFind(name, out var set)) return pattern.Reject($"invalid character class range: {pattern.TextFrom(from, pattern.At)}");

        output.Add(InThisCase(set, isNegative));
        return true;
    }

    private CharSet Build(CharSetBuilder set)
    {
        if (pattern.Flags.HasFlag(RegexpFlags.IgnoreCase)) set.AddOtherCases();
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
}
